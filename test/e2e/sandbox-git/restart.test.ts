import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  GIT_SERVICE,
  addIdentity,
  callApi,
  createRepository,
  requests,
  setFault,
  startGitServer,
  stopGitServer,
} from "../../../sandbox/git/index.ts";
import type { GitServer } from "../../../sandbox/git/index.ts";
import { isAlive, readRecord, waitUntil } from "../../../sandbox/processes/index.ts";
import {
  clone,
  commitFile,
  git,
  newSandbox,
  processesIn,
  removeSandbox,
  startReceiver,
  tipOf,
  tryGit,
} from "./support.ts";

let dir: string;
let server: GitServer;

beforeEach(async () => {
  dir = newSandbox();
  server = await startGitServer(dir);
});
afterEach(() => removeSandbox(dir));

/** The server process alone, as the kernel would: what it started goes on. */
async function kill(): Promise<void> {
  const record = readRecord(dir, GIT_SERVICE);
  if (record === undefined) throw new Error("The server has no record.");
  process.kill(record.pid, "SIGKILL");
  await waitUntil(async () => !isAlive(record), 5_000);
}

describe("a restart", () => {
  it("keeps address, tokens, repositories and everything GitHub would keep", async () => {
    await createRepository(server, "kept", { autoInit: true, private: true });
    const someone = await addIdentity(server, { login: "someone", access: { "acme/kept": "read" } });
    const repo = "/repos/acme/kept";
    const client = await clone(server, dir, "acme/kept");
    const sha = await commitFile(client, "a", "a");
    await git(client, "push", "--quiet", "origin", "main:topic");
    await callApi(server, "POST", `${repo}/pulls`, { body: { title: "x", head: "topic", base: "main" } });
    await callApi(server, "POST", `${repo}/actions/variables`, { body: { name: "A", value: "1" } });
    await callApi(server, "POST", `${repo}/statuses/${sha}`, { body: { state: "success" } });
    const paths = ["", "/branches", "/pulls/1", "/actions/variables/A", `/commits/${sha}/status`];
    const read = (): Promise<unknown[]> =>
      Promise.all(paths.map(async (path) => (await callApi(server, "GET", repo + path)).body));
    const before = await read();
    for (const stop of [(): Promise<void> => stopGitServer(dir), kill]) {
      await stop();
      expect(await startGitServer(dir)).toEqual(server);
      expect(await read()).toEqual(before);
      expect((await callApi(server, "GET", repo, { token: someone.token })).status).toBe(200);
    }
    const next = await createRepository(server, "next");
    const ids = (before as { id?: number }[]).map(({ id }) => id ?? 0);
    expect(next.id).toBeGreaterThan(Math.max(...ids));
  });

  it("that finds the server running leaves it running", async () => {
    const { pid } = readRecord(dir, GIT_SERVICE) ?? {};
    expect(await startGitServer(dir)).toEqual(server);
    expect(readRecord(dir, GIT_SERVICE)?.pid).toBe(pid);
  });

  it("removes what a kill left half made", async () => {
    await stopGitServer(dir);
    const staging = join(server.root, ".server", "staging");
    mkdirSync(join(staging, "half.git"), { recursive: true });
    await startGitServer(dir);
    expect(readdirSync(join(server.root, ".server"))).not.toContain("staging");
  });

  it("fires the webhook of a push that came while the server could not", async () => {
    await createRepository(server, "spooled", { autoInit: true });
    const receiver = await startReceiver();
    const config = { url: receiver.url, content_type: "json" };
    await callApi(server, "POST", "/repos/acme/spooled/hooks", { body: { config } });
    const client = await clone(server, dir, "acme/spooled");
    const sha = await commitFile(client, "a", "a");
    await stopGitServer(dir);
    await git({ cwd: client.cwd }, "push", "--quiet", join(server.root, "acme", "spooled.git"), "main");
    await startGitServer(dir);
    expect((await receiver.next("push")).payload["after"]).toBe(sha);
    await receiver.close();
  });
});

describe("a server killed in the middle of a push", () => {
  it("leaves the branch at the old or the new commit, whole, and the next push works", async () => {
    await createRepository(server, "killed", { autoInit: true });
    const bare = join(server.root, "acme", "killed.git");
    const path = "/acme/killed.git/git-receive-pack";
    const outcomes = new Set<string>();
    for (const waitMs of [0, 30, 120]) {
      const client = await clone(server, dir, "acme/killed");
      await git(client, "config", "core.compression", "0");
      const before = await tipOf(server, "acme/killed");
      const after = await commitFile(client, "big.bin", randomBytes(8 * 1024 * 1024));
      const push = tryGit(client, "push", "origin", "main");
      await waitUntil(async () => (await requests(server, { method: "POST", path })).length > 0, 20_000);
      await sleep(waitMs);
      await kill();
      expect((await push).code).toBeTypeOf("number");
      expect(await waitUntil(async () => processesIn(bare).length === 0, 20_000)).toBe(true);
      const tip = await tipOf(server, "acme/killed");
      expect([before, after]).toContain(tip);
      outcomes.add(tip === before ? "old" : "new");
      expect((await tryGit({ cwd: bare }, "fsck", "--connectivity-only")).code).toBe(0);
      await startGitServer(dir);
      await git(client, "push", "--quiet", "origin", "main");
      expect(await tipOf(server, "acme/killed")).toBe(after);
    }
    expect(outcomes).toContain("old");
  });

  it("leaves it at the old one when the push had not been read", async () => {
    await createRepository(server, "unread", { autoInit: true });
    const path = "/acme/unread.git/git-receive-pack";
    const client = await clone(server, dir, "acme/unread");
    const before = await tipOf(server, "acme/unread");
    await commitFile(client, "a", "a");
    await setFault(server, { kind: "pause", path });
    const push = tryGit(client, "push", "origin", "main");
    await waitUntil(async () => (await requests(server, { path })).length > 0, 20_000);
    await kill();
    expect((await push).code).not.toBe(0);
    expect(await tipOf(server, "acme/unread")).toBe(before);
  });
});
