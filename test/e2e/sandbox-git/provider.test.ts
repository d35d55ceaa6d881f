import { cpSync, readFileSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  addIdentity,
  callApi,
  clearFaults,
  clearRequests,
  readDeployKeys,
  requests,
  setFault,
  startGitServer,
} from "../../../sandbox/git/index.ts";
import type { GitServer } from "../../../sandbox/git/index.ts";
import { CHECKOUT } from "../../../sandbox/paths.ts";
import { tryRun } from "../../../sandbox/processes/index.ts";
import type { RunResult } from "../../../sandbox/processes/index.ts";
import { preparePulumiHome } from "../../../sandbox/pulumi/index.ts";
import { ensureTools } from "../../../sandbox/toolchain/index.ts";
import { clone, git, newSandbox, removeSandbox, startReceiver, tipOf } from "./support.ts";
import type { Receiver } from "./support.ts";

/** Long enough that no other text has it by chance; sealed, it is 48 bytes longer. */
const CANARY = "canary-8c1f0b7e52d94a36";
const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIH3Yz0lqJk2rGZCV2pOQMnqmYXSkpCpYxX3y6K9tQbVd";

let dir: string;
let server: GitServer;
let receiver: Receiver;
let program: string;
let env: Record<string, string | undefined>;

beforeAll(async () => {
  dir = newSandbox();
  const tools = await ensureTools(["pulumi", "pulumi-resource-github"]);
  server = await startGitServer(dir);
  receiver = await startReceiver();
  env = { ...process.env, ...(await preparePulumiHome(dir, tools)).env };
  program = join(dir, "program");
  cpSync(join(import.meta.dirname, "program"), program, { recursive: true });
  symlinkSync(join(CHECKOUT, "node_modules"), join(program, "node_modules"));
  await pulumi("stack", "init", "dev");
  const reviewer = await addIdentity(server, { login: "reviewer", access: {} });
  await configure({ url: server.url, owner: "acme", receiver: receiver.url, reviewer: String(reviewer.id) });
  await configure({ token: server.token, secret: CANARY }, ["--secret"]);
});

afterAll(async () => {
  await receiver.close();
  await removeSandbox(dir);
});

const pulumi = (...args: string[]): Promise<RunResult> =>
  tryRun("pulumi", ["--non-interactive", "--color=never", ...args], { cwd: program, env });

async function configure(
  values: Readonly<Record<string, string>>,
  flags: readonly string[] = [],
): Promise<void> {
  for (const [key, value] of Object.entries(values)) await pulumi("config", "set", ...flags, key, value);
}

/** Fails with what the engine printed. */
async function succeed(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await pulumi(...args);
  if (code !== 0) throw new Error(`pulumi ${args.join(" ")}:\n${stdout}\n${stderr}`);
  return stdout;
}

const get = async (path: string): Promise<unknown> =>
  (await callApi(server, "GET", `/repos/acme/shop${path}`)).body;

describe("the real GitHub provider", () => {
  it("makes every kind of resource, as Git and the API then show them", async () => {
    expect(await succeed("up", "--yes", "--skip-preview")).toContain("16 created");
    expect(await get("")).toMatchObject({ private: true, default_branch: "main", topics: ["one", "two"] });
    const copy = await clone(server, dir, "acme/shop");
    await git(copy, "switch", "--quiet", "deploy/shop/prod");
    expect(readFileSync(join(copy.cwd, "clusters/eu-1/app.yaml"), "utf8")).toBe("kind: ConfigMap\n");
    expect(await git(copy, "log", "-1", "--format=%an %s")).toBe("Publisher Publish the manifests");
    expect(readDeployKeys(server.root)).toMatchObject([
      { repository: "acme/shop", key: KEY, read_only: true },
    ]);
    expect(await get("/environments/prod")).toMatchObject({
      protection_rules: [
        { type: "wait_timer", wait_timer: 5 },
        { type: "required_reviewers", reviewers: [{ reviewer: { login: "reviewer" } }] },
        { type: "branch_policy" },
      ],
    });
    expect(await get("/environments/prod/deployment-branch-policies")).toMatchObject({
      branch_policies: [{ name: "release/*" }],
    });
    expect(await get("/actions/variables")).toMatchObject({ variables: [{ name: "REGION", value: "eu" }] });
    expect(await get("/environments/prod/variables")).toMatchObject({
      variables: [{ name: "REGION", value: "us" }],
    });
    expect(await get("/pulls/1")).toMatchObject({
      title: "Promote",
      state: "open",
      mergeable_state: "blocked",
    });
    expect(await get("/branches/main/protection")).toMatchObject({
      enforce_admins: { enabled: true },
      required_status_checks: { strict: true, contexts: ["build"] },
    });
    expect((await receiver.next("ping")).headers["x-hub-signature-256"]).toBeDefined();
  });

  it("seals secrets before they leave it: the server keeps boxes of their length and nothing readable", async () => {
    for (const path of ["/actions/secrets", "/environments/prod/secrets"]) {
      expect(await get(path)).toMatchObject({ total_count: 1, secrets: [{ name: "API_KEY" }] });
    }
    const state = join(server.root, "acme/shop.git/sandbox");
    const secrets = JSON.parse(readFileSync(join(state, "secrets.json"), "utf8")) as {
      encrypted_value: string;
    }[];
    expect(secrets.map((secret) => Buffer.from(secret.encrypted_value, "base64").length)).toEqual([
      CANARY.length + 48,
      CANARY.length + 48,
    ]);
    const others = readdirSync(state).filter((name) => name !== "hooks.json");
    for (const name of others) expect(readFileSync(join(state, name), "utf8")).not.toContain(CANARY);
  });

  it("finds nothing to change, and no drift", async () => {
    await clearRequests(server);
    expect(await succeed("up", "--yes", "--skip-preview", "--expect-no-changes")).toContain("16 unchanged");
    expect(await succeed("refresh", "--yes", "--skip-preview", "--expect-no-changes")).toContain(
      "16 unchanged",
    );
    const writes = (await requests(server)).filter(({ method }) => method !== "GET");
    expect(writes).toEqual([]);
  });

  it("sees what somebody else changed, and waits as long as a secondary rate limit tells it to", async () => {
    const variable = "/repos/acme/shop/actions/variables/REGION";
    await callApi(server, "PATCH", variable, { body: { value: "asia" } });
    expect((await pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes")).code).not.toBe(0);
    await configure({ content: "kind: Secret\n" });
    await clearRequests(server);
    const limit = { kind: "rate-limit", limit: "secondary", retryAfterSeconds: 2, times: 1 } as const;
    await setFault(server, { ...limit, method: "PATCH", path: `/api/v3${variable}` });
    const started = performance.now();
    await succeed("up", "--yes", "--skip-preview");
    expect(performance.now() - started).toBeGreaterThan(2_000);
    expect(await get("/actions/variables/REGION")).toMatchObject({ value: "eu" });
    const writes = (await requests(server)).filter(({ method }) => method !== "GET");
    expect(writes.map(({ status }) => status).sort()).toEqual([200, 204, 403]);
    const copy = await clone(server, dir, "acme/shop");
    expect(await git(copy, "show", "origin/deploy/shop/prod:clusters/eu-1/app.yaml")).toBe("kind: Secret");
  });

  it("fails without a word of the token when that is refused, and changes nothing", async () => {
    const before = await tipOf(server, "acme/shop", "deploy/shop/prod");
    await configure({ content: "kind: Service\n" });
    await setFault(server, { kind: "status", status: 401, method: "PUT" });
    const { code, stdout, stderr } = await pulumi("up", "--yes", "--skip-preview");
    await clearFaults(server);
    expect(code).not.toBe(0);
    expect(stdout + stderr).toContain("Bad credentials");
    for (const secret of [server.token, CANARY]) expect(stdout + stderr).not.toContain(secret);
    expect(await tipOf(server, "acme/shop", "deploy/shop/prod")).toBe(before);
  });

  it("takes everything away again", async () => {
    await succeed("destroy", "--yes", "--skip-preview");
    expect((await callApi(server, "GET", "/repos/acme/shop")).status).toBe(404);
    expect(readdirSync(join(server.root, "acme"))).toEqual([]);
  });
});
