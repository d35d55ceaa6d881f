import { createSign, generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  addApp,
  addIdentity,
  callApi,
  createRepository,
  readDeployKeys,
  startGitServer,
} from "../../../sandbox/git/index.ts";
import type { ApiAnswer, ApiRequest, GitServer } from "../../../sandbox/git/index.ts";
import { clone, commitFile, git, newSandbox, removeSandbox, tipOf, tryGit } from "./support.ts";
import type { GitClient } from "./support.ts";

type Body = Record<string, never> & Record<string, unknown>;

let dir: string;
let server: GitServer;

beforeAll(async () => {
  dir = newSandbox();
  server = await startGitServer(dir);
});
afterAll(() => removeSandbox(dir));

const api = (method: string, path: string, body?: unknown, rest: ApiRequest = {}): Promise<ApiAnswer<Body>> =>
  callApi<Body>(server, method, path, { ...rest, ...(body === undefined ? {} : { body }) });

const made = async (name: string, isPrivate = false): Promise<string> => {
  await createRepository(server, name, { autoInit: true, private: isPrivate });
  return `/repos/acme/${name}`;
};

describe("files by the API", () => {
  it("become commits that Git sees, one a request", async () => {
    const repo = await made("files");
    const before = await tipOf(server, "acme/files");
    const person = { name: "Ann", email: "ann@example.com" };
    const text = "größe: 1\n";
    const put = {
      message: "Add",
      content: Buffer.from(text).toString("base64"),
      branch: "main",
      committer: person,
    };
    const created = await api("PUT", `${repo}/contents/deploy/ä b.yaml`, put);
    expect(created.status).toBe(201);
    const client = await clone(server, dir, "acme/files");
    expect(readFileSync(join(client.cwd, "deploy/ä b.yaml"), "utf8")).toBe(text);
    expect(await git(client, "log", "-1", "--format=%P %an <%ae> %s")).toBe(
      `${before} Ann <ann@example.com> Add`,
    );
    const read = await api("GET", `${repo}/contents/deploy/${encodeURIComponent("ä b.yaml")}?ref=main`);
    expect(Buffer.from(String(read.body["content"]), "base64").toString("utf8")).toBe(text);
    const sha = read.body["sha"];
    expect((await api("DELETE", `${repo}/contents/deploy/ä b.yaml`, { message: "Remove", sha })).status).toBe(
      200,
    );
    await git(client, "pull", "--quiet");
    expect(await git(client, "ls-files")).toBe("README.md");
  });

  it("are not changed by those who do not know what they replace", async () => {
    const repo = await made("stale");
    const before = await tipOf(server, "acme/stale");
    const content = "eA==";
    const put = (extra: object): Promise<ApiAnswer<Body>> =>
      api("PUT", `${repo}/contents/README.md`, { message: "x", content, ...extra });
    expect((await put({})).status).toBe(422);
    expect((await put({ sha: "0".repeat(40) })).status).toBe(409);
    expect((await put({ branch: "none" })).status).toBe(404);
    expect(await tipOf(server, "acme/stale")).toBe(before);
  });

  it.each([".git/config", "a/.GIT/x", "a//b", "README.md/inside"])("cannot be at %s", async (path) => {
    const repo = await made(`path-${Buffer.from(path).toString("hex")}`);
    const answer = await api("PUT", `${repo}/contents/${path.split("/").map(encodeURIComponent).join("/")}`, {
      message: "x",
      content: "eA==",
    });
    expect(answer.status).toBe(422);
  });
});

describe("references by the API", () => {
  it("are made, moved and deleted, and a move that loses commits needs force", async () => {
    const repo = await made("refs");
    const client = await clone(server, dir, "acme/refs");
    const old = await tipOf(server, "acme/refs");
    const sha = await commitFile(client, "a", "a");
    await git(client, "push", "--quiet", "origin", "main");
    expect((await api("POST", `${repo}/git/refs`, { ref: "refs/heads/deploy/a/b", sha })).status).toBe(201);
    expect(
      (await api("POST", `${repo}/git/refs`, { ref: "refs/heads/deploy/a/b", sha })).body["message"],
    ).toBe("Reference already exists");
    const ref = `${repo}/git/refs/heads/deploy/a/b`;
    expect((await api("PATCH", ref, { sha: old })).status).toBe(422);
    expect((await api("PATCH", ref, { sha: old, force: true })).status).toBe(200);
    expect(await tipOf(server, "acme/refs", "deploy/a/b")).toBe(old);
    expect((await api("DELETE", ref)).status).toBe(204);
    expect((await api("GET", `${repo}/git/ref/heads/deploy/a/b`)).status).toBe(404);
    expect((await api("POST", `${repo}/git/refs`, { ref: "refs/heads/x", sha: "1".repeat(40) })).status).toBe(
      422,
    );
  });

  it("follow a renamed default branch with its protection", async () => {
    const repo = await made("renamed");
    const rule = {
      required_status_checks: null,
      enforce_admins: true,
      required_pull_request_reviews: null,
      restrictions: null,
    };
    await api("PUT", `${repo}/branches/main/protection`, rule);
    expect((await api("POST", `${repo}/branches/main/rename`, { new_name: "trunk" })).status).toBe(201);
    expect((await api("GET", repo)).body["default_branch"]).toBe("trunk");
    expect((await api("GET", `${repo}/branches/trunk`)).body["protected"]).toBe(true);
    expect(await tipOf(server, "acme/renamed")).toBe("");
  });
});

describe("pull requests", () => {
  async function proposed(
    name: string,
  ): Promise<{ repo: string; client: GitClient; head: string; base: string }> {
    const repo = await made(name);
    const client = await clone(server, dir, `acme/${name}`);
    const base = await tipOf(server, `acme/${name}`);
    await git(client, "switch", "--quiet", "--create", "topic");
    const head = await commitFile(client, "a.txt", "topic\n");
    await git(client, "push", "--quiet", "origin", "topic");
    const pull = { title: "Promote", body: "why", head: "topic", base: "main" };
    expect((await api("POST", `${repo}/pulls`, pull)).status).toBe(201);
    return { repo, client, head, base };
  }

  it("are merged by a real commit with both parents", async () => {
    const { repo, head, base } = await proposed("merge");
    expect((await api("GET", `${repo}/pulls/1`)).body).toMatchObject({
      mergeable: true,
      mergeable_state: "clean",
    });
    const { status, body } = await api("PUT", `${repo}/pulls/1/merge`, { sha: head });
    expect(status).toBe(200);
    const sha = await tipOf(server, "acme/merge");
    expect(body["sha"]).toBe(sha);
    const copy = await clone(server, dir, "acme/merge");
    expect(await git(copy, "log", "-1", "--format=%P")).toBe(`${base} ${head}`);
    expect(readFileSync(join(copy.cwd, "a.txt"), "utf8")).toBe("topic\n");
    expect((await api("GET", `${repo}/pulls/1`)).body).toMatchObject({ state: "closed", merged: true });
    expect((await api("PUT", `${repo}/pulls/1/merge`, {})).status).toBe(405);
  });

  it("are squashed into one commit, and their branch goes when the repository says so", async () => {
    const { repo, client, base } = await proposed("squash");
    await commitFile(client, "b.txt", "b");
    await git(client, "push", "--quiet", "origin", "topic");
    await api("PATCH", repo, { delete_branch_on_merge: true });
    expect((await api("PUT", `${repo}/pulls/1/merge`, { merge_method: "squash" })).status).toBe(200);
    const copy = await clone(server, dir, "acme/squash");
    expect(await git(copy, "log", "-1", "--format=%P %s")).toBe(`${base} Promote (#1)`);
    expect(await tipOf(server, "acme/squash", "topic")).toBe("");
  });

  it("that conflict are not merged", async () => {
    const { repo, client } = await proposed("conflict");
    await git(client, "switch", "--quiet", "main");
    await commitFile(client, "a.txt", "main\n");
    await git(client, "push", "--quiet", "origin", "main");
    const before = await tipOf(server, "acme/conflict");
    expect((await api("GET", `${repo}/pulls/1`)).body).toMatchObject({
      mergeable: false,
      mergeable_state: "dirty",
    });
    expect((await api("PUT", `${repo}/pulls/1/merge`, {})).status).toBe(405);
    expect(await tipOf(server, "acme/conflict")).toBe(before);
  });

  it("show the head their branch has now, and refuse a merge of another", async () => {
    const { repo, client, head } = await proposed("moved");
    const newer = await commitFile(client, "b.txt", "b");
    await git(client, "push", "--quiet", "origin", "topic");
    expect((await api("GET", `${repo}/pulls/1`)).body).toMatchObject({ head: { sha: newer } });
    expect((await api("PUT", `${repo}/pulls/1/merge`, { sha: head })).status).toBe(409);
    await git(client, "fetch", "--quiet", "origin", "refs/pull/1/head");
    expect(await git(client, "rev-parse", "FETCH_HEAD")).toBe(newer);
    expect((await tryGit(client, "push", "origin", "HEAD:refs/pull/1/head")).code).not.toBe(0);
  });

  it("are merged into a protected branch once they are approved", async () => {
    const { repo } = await proposed("approved");
    const reviewer = await addIdentity(server, { login: "reviewer", access: { "acme/*": "write" } });
    const rule = {
      required_status_checks: null,
      enforce_admins: true,
      required_pull_request_reviews: { required_approving_review_count: 1 },
      restrictions: null,
    };
    await api("PUT", `${repo}/branches/main/protection`, rule);
    expect((await api("GET", `${repo}/pulls/1`)).body["mergeable_state"]).toBe("blocked");
    expect((await api("PUT", `${repo}/pulls/1/merge`, {})).status).toBe(405);
    expect((await api("POST", `${repo}/pulls/1/reviews`, { event: "APPROVE" })).status).toBe(422);
    await api("POST", `${repo}/pulls/1/reviews`, { event: "APPROVE" }, { token: reviewer.token });
    expect((await api("PUT", `${repo}/pulls/1/merge`, {})).status).toBe(200);
  });

  it("are closed and opened again, and not opened twice or for nothing", async () => {
    const { repo } = await proposed("twice");
    const pull = { title: "x", head: "acme:topic", base: "main" };
    expect((await api("POST", `${repo}/pulls`, pull)).status).toBe(422);
    expect((await api("POST", `${repo}/pulls`, { ...pull, head: "main" })).status).toBe(422);
    expect((await api("PATCH", `${repo}/pulls/1`, { state: "closed" })).body["state"]).toBe("closed");
    expect((await api("GET", `${repo}/pulls`)).body).toEqual([]);
    expect((await api("PATCH", `${repo}/pulls/1`, { state: "open", title: "y" })).body).toMatchObject({
      title: "y",
      state: "open",
    });
    expect((await api("GET", `${repo}/pulls?head=acme:topic&base=main`)).body).toHaveLength(1);
  });

  it("have comments that are written once and changed afterwards", async () => {
    const { repo } = await proposed("comments");
    const { body: comment } = await api("POST", `${repo}/issues/1/comments`, { body: "preview 1" });
    await api("PATCH", `${repo}/issues/comments/${comment["id"]}`, { body: "preview 2" });
    const listed = await api("GET", `${repo}/issues/1/comments`);
    expect(listed.body).toMatchObject([
      { id: comment["id"], body: "preview 2", user: { login: "sandbox-admin" } },
    ]);
    expect((await api("POST", `${repo}/issues/9/comments`, { body: "x" })).status).toBe(404);
  });
});

describe("statuses of a commit", () => {
  it("come to one state, by the latest of each context", async () => {
    const repo = await made("statuses");
    const sha = await tipOf(server, "acme/statuses");
    const state = async (): Promise<unknown> =>
      (await api("GET", `${repo}/commits/main/status`)).body["state"];
    const set = (context: string, value: string): Promise<ApiAnswer<Body>> =>
      api("POST", `${repo}/statuses/${sha}`, { context, state: value, target_url: "http://127.0.0.1/x" });
    expect(await state()).toBe("pending");
    await set("build", "failure");
    await set("test", "success");
    expect(await state()).toBe("failure");
    await set("build", "success");
    expect(await state()).toBe("success");
    expect((await api("GET", `${repo}/commits/${sha}/statuses`)).body).toHaveLength(3);
    expect((await api("POST", `${repo}/statuses/${"1".repeat(40)}`, { state: "success" })).status).toBe(422);
  });
});

describe("answers", () => {
  it("come in pages with links, as GitHub's", async () => {
    const repo = await made("pages");
    const client = await clone(server, dir, "acme/pages");
    const branches = Array.from({ length: 5 }, (_, n) => `HEAD:refs/heads/b${n}`);
    await git(client, "push", "--quiet", "origin", ...branches);
    const seen: unknown[] = [];
    let next: string | undefined = `${repo}/branches?per_page=2`;
    while (next !== undefined) {
      const { body, headers }: ApiAnswer<Body> = await api("GET", next);
      seen.push(...(body as unknown as { name: string }[]).map(({ name }) => name));
      next = /<[^>]*\/api\/v3([^>]*)>; rel="next"/.exec(headers.get("link") ?? "")?.[1];
    }
    expect(seen).toEqual(["b0", "b1", "b2", "b3", "b4", "main"]);
  });

  it("say 304 when nothing changed since the tag of the last one", async () => {
    const repo = await made("tagged");
    const tag = (await api("GET", repo)).headers.get("etag") ?? "";
    const headers = { authorization: `Bearer ${server.token}`, "if-none-match": tag };
    expect((await fetch(server.apiUrl + repo, { headers })).status).toBe(304);
    await api("PATCH", repo, { description: "new" });
    expect((await fetch(server.apiUrl + repo, { headers })).status).toBe(200);
  });

  it("count requests in the headers of the rate limit", async () => {
    const { headers } = await api("GET", "/user");
    const { headers: later } = await api("GET", "/user");
    const used = (from: Headers): number => Number(from.get("x-ratelimit-used"));
    expect(used(later) - used(headers)).toBe(1);
    expect(Number(headers.get("x-ratelimit-reset"))).toBeGreaterThan(Date.now() / 1000);
  });

  it("refuse in GitHub's words", async () => {
    const repo = await made("words", true);
    const reader = await addIdentity(server, { login: "word-reader", access: { "acme/words": "read" } });
    const stranger = await addIdentity(server, { login: "word-stranger", access: {} });
    const put = { message: "x", content: "eA==" };
    const cases: readonly [Promise<ApiAnswer<Body>>, number, string][] = [
      [api("GET", "/user", undefined, { token: "wrong" }), 401, "Bad credentials"],
      [api("GET", repo, undefined, { token: null }), 404, "Not Found"],
      [api("GET", repo, undefined, { token: stranger.token }), 404, "Not Found"],
      [api("PUT", `${repo}/contents/x`, put, { token: reader.token }), 403, "not accessible"],
      [api("GET", `${repo}/hooks`, undefined, { token: reader.token }), 403, "admin rights"],
      [api("GET", "/nothing/here"), 404, "Not Found"],
      [api("POST", "/orgs/acme/repos", { name: "words" }), 422, "Validation Failed"],
      [api("POST", "/orgs/acme/repos", { name: ".." }), 422, "Validation Failed"],
      [api("POST", "/orgs/nobody/repos", { name: "x" }), 404, "Not Found"],
    ];
    for (const [answer, status, message] of cases) {
      const { status: got, body } = await answer;
      expect(got).toBe(status);
      expect(body).toMatchObject({ message: expect.stringContaining(message), status: String(status) });
      expect(body["documentation_url"]).toBeTypeOf("string");
    }
  });
});

describe("a GitHub App", () => {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const sign = (claims: object): string => {
    const text = `${encode({ alg: "RS256", typ: "JWT" })}.${encode(claims)}`;
    return `${text}.${createSign("RSA-SHA256").update(text).sign(privateKey, "base64url")}`;
  };
  const claims = {
    iss: "77",
    iat: Math.floor(Date.now() / 1000) - 30,
    exp: Math.floor(Date.now() / 1000) + 300,
  };

  it("gets a token that works for its repositories until it expires, and only by its own key", async () => {
    const repo = await made("installed", true);
    await made("not-installed", true);
    const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
    const wanted = {
      login: "deployer",
      appId: "77",
      publicKey: pem,
      access: { "acme/installed": "write" },
    } as const;
    const { installationId } = await addApp(server, { ...wanted, tokenLifetimeSeconds: 3 });
    const path = `/app/installations/${installationId}/access_tokens`;
    const forged = `${sign(claims).split(".").slice(0, 2).join(".")}.${Buffer.alloc(256).toString("base64url")}`;
    const old = sign({ ...claims, exp: claims.iat - 300 });
    for (const token of [forged, old, server.token])
      expect((await api("POST", path, {}, { token })).status).toBe(401);
    const { status, body } = await api("POST", path, {}, { token: sign(claims) });
    expect(status).toBe(201);
    const token = String(body["token"]);
    expect((await api("GET", repo, undefined, { token })).status).toBe(200);
    expect((await api("GET", "/repos/acme/not-installed", undefined, { token })).status).toBe(404);
    const client = await clone(server, dir, "acme/installed", token);
    await commitFile(client, "a", "a");
    await expect
      .poll(async () => (await api("GET", repo, undefined, { token })).status, { timeout: 5_000 })
      .toBe(401);
    expect((await tryGit(client, "push", "origin", "main")).code).not.toBe(0);
  });
});

describe("deploy keys", () => {
  const key = `ssh-ed25519 ${Buffer.alloc(51, 7).toString("base64")}`;

  it("are kept where the server for SSH can read them, without their comment, and are nobody else's", async () => {
    const repo = await made("keys");
    const other = await made("other-keys");
    const wanted = { title: "agent", key: `${key} me@example.com`, read_only: true };
    expect((await api("POST", `${repo}/keys`, wanted)).body).toMatchObject({ key, read_only: true });
    expect(readDeployKeys(server.root)).toMatchObject([
      { repository: "acme/keys", title: "agent", key, read_only: true },
    ]);
    expect((await api("POST", `${other}/keys`, wanted)).status).toBe(422);
    expect((await api("POST", `${other}/keys`, { ...wanted, key: "no key" })).status).toBe(422);
  });
});

describe("secrets of Actions", () => {
  it("are kept as the client sealed them, and never given back", async () => {
    const repo = await made("secrets");
    const { body } = await api("GET", `${repo}/actions/secrets/public-key`);
    expect(Buffer.from(String(body["key"]), "base64")).toHaveLength(32);
    const sealed = Buffer.alloc(60, 1).toString("base64");
    const put = { encrypted_value: sealed, key_id: body["key_id"] };
    expect((await api("PUT", `${repo}/actions/secrets/api_key`, put)).status).toBe(201);
    expect((await api("PUT", `${repo}/actions/secrets/api_key`, put)).status).toBe(204);
    expect((await api("PUT", `${repo}/actions/secrets/X`, { ...put, key_id: "0" })).status).toBe(422);
    expect((await api("PUT", `${repo}/actions/secrets/X`, { ...put, encrypted_value: "eA==" })).status).toBe(
      422,
    );
    const listed = await api("GET", `${repo}/actions/secrets`);
    expect(listed.body).toMatchObject({ total_count: 1, secrets: [{ name: "API_KEY" }] });
    expect(JSON.stringify(listed.body)).not.toContain(sealed);
  });
});
