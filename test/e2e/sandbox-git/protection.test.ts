import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addIdentity, callApi, createRepository, startGitServer } from "../../../sandbox/git/index.ts";
import type { GitServer, MadeIdentity } from "../../../sandbox/git/index.ts";
import { clone, commitFile, git, newSandbox, removeSandbox, tipOf, tryGit } from "./support.ts";

const OPEN = {
  required_status_checks: null,
  enforce_admins: false,
  required_pull_request_reviews: null,
  restrictions: null,
};

let dir: string;
let server: GitServer;
let writer: MadeIdentity;

beforeAll(async () => {
  dir = newSandbox();
  server = await startGitServer(dir);
  writer = await addIdentity(server, { login: "writer", access: { "acme/*": "write" } });
});
afterAll(() => removeSandbox(dir));

async function protect(name: string, rule: object): Promise<void> {
  await createRepository(server, name, { autoInit: true });
  const body = { ...OPEN, ...rule };
  const { status } = await callApi(server, "PUT", `/repos/acme/${name}/branches/main/protection`, { body });
  expect(status).toBe(200);
}

const push = async (
  name: string,
  token: string,
  ...args: string[]
): Promise<{ code: number; said: string }> => {
  const client = await clone(server, dir, `acme/${name}`, token);
  if (args.includes("--force"))
    await git(client, "commit", "--quiet", "--amend", "--message", "Another history");
  else await commitFile(client, "a.txt", `${Math.random()}`);
  const { code, stderr } = await tryGit(client, "push", "origin", ...args);
  return { code, said: stderr };
};

describe("a protected branch", () => {
  it("refuses a push that loses commits to everybody, and takes an ordinary one", async () => {
    await protect("no-force", {});
    const before = await tipOf(server, "acme/no-force");
    for (const token of [server.token, writer.token]) {
      const { code, said } = await push("no-force", token, "--force", "main");
      expect(code).not.toBe(0);
      expect(said).toContain("GH006");
      expect(said).toContain("Cannot force-push to this branch");
    }
    expect(await tipOf(server, "acme/no-force")).toBe(before);
    expect((await push("no-force", writer.token, "main")).code).toBe(0);
    expect(await tipOf(server, "acme/no-force")).not.toBe(before);
  });

  it("cannot be deleted, by Git or by the API, unlike others", async () => {
    await protect("no-delete", {});
    const client = await clone(server, dir, "acme/no-delete");
    await git(client, "push", "--quiet", "origin", "main:kept", "main:loose");
    await callApi(server, "PUT", "/repos/acme/no-delete/branches/kept/protection", { body: OPEN });
    const refused = await tryGit(client, "push", "origin", ":kept");
    expect(refused.stderr).toContain("Cannot delete this branch");
    expect((await callApi(server, "DELETE", "/repos/acme/no-delete/git/refs/heads/kept")).status).toBe(422);
    expect(await tipOf(server, "acme/no-delete", "kept")).toBe(await tipOf(server, "acme/no-delete"));
    await git(client, "push", "--quiet", "origin", ":loose");
    expect(await tipOf(server, "acme/no-delete", "loose")).toBe("");
  });

  it("takes direct pushes only from administrators when reviews are wanted, and not even theirs when they are included", async () => {
    const rule = { required_pull_request_reviews: { required_approving_review_count: 1 } };
    await protect("reviewed", rule);
    const refused = await push("reviewed", writer.token, "main");
    expect(refused.said).toContain("Changes must be made through a pull request.");
    expect((await push("reviewed", server.token, "main")).code).toBe(0);
    const before = await tipOf(server, "acme/reviewed");
    const body = { ...OPEN, ...rule, enforce_admins: true };
    await callApi(server, "PUT", "/repos/acme/reviewed/branches/main/protection", { body });
    expect((await push("reviewed", server.token, "main")).code).not.toBe(0);
    const file = { message: "x", content: "eA==", branch: "main" };
    const put = await callApi(server, "PUT", "/repos/acme/reviewed/contents/x", { body: file });
    expect(put.status).toBe(409);
    expect(await tipOf(server, "acme/reviewed")).toBe(before);
  });

  it("lets only those push who are named in its restrictions", async () => {
    await protect("restricted", { restrictions: { users: ["writer"], teams: [], apps: [] } });
    const stranger = await addIdentity(server, { login: "stranger", access: { "acme/*": "write" } });
    expect((await push("restricted", stranger.token, "main")).said).toContain("not authorized to push");
    expect((await push("restricted", writer.token, "main")).code).toBe(0);
  });

  it("takes a commit only after its required checks succeeded", async () => {
    await protect("checked", { required_status_checks: { strict: false, checks: [{ context: "build" }] } });
    const client = await clone(server, dir, "acme/checked", writer.token);
    const sha = await commitFile(client, "a.txt", "x");
    expect((await tryGit(client, "push", "origin", "main")).stderr).toContain(
      'Required status check "build"',
    );
    await git(client, "push", "--quiet", "origin", "main:topic");
    for (const state of ["success", "failure", "success"]) {
      const body = { state, context: "build" };
      await callApi(server, "POST", `/repos/acme/checked/statuses/${sha}`, { body, token: writer.token });
      const wanted = state === "success";
      if (wanted) continue;
      expect((await tryGit(client, "push", "origin", "main")).code).not.toBe(0);
    }
    await git(client, "push", "--quiet", "origin", "main");
    expect(await tipOf(server, "acme/checked")).toBe(sha);
  });

  it("leaves other branches alone, and is free again when the rule is gone", async () => {
    await protect("freed", {});
    expect((await push("freed", writer.token, "main:refs/heads/topic")).code).toBe(0);
    expect((await push("freed", writer.token, "--force", "main:refs/heads/topic")).code).toBe(0);
    await callApi(server, "DELETE", "/repos/acme/freed/branches/main/protection");
    expect((await push("freed", writer.token, "--force", "main")).code).toBe(0);
  });
});
