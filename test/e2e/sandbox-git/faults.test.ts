import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  addIdentity,
  callApi,
  clearFaults,
  clearRequests,
  createRepository,
  expireToken,
  requests,
  setFault,
  startGitServer,
} from "../../../sandbox/git/index.ts";
import type { Fault, GitServer } from "../../../sandbox/git/index.ts";
import { waitUntil } from "../../../sandbox/processes/index.ts";
import { clone, commitFile, git, newSandbox, removeSandbox, tipOf, tryGit } from "./support.ts";

let dir: string;
let server: GitServer;

beforeAll(async () => {
  dir = newSandbox();
  server = await startGitServer(dir);
});
afterEach(() => clearFaults(server));
afterAll(() => removeSandbox(dir));

const status = async (method: string, path: string): Promise<number> =>
  (await callApi(server, method, path)).status;

describe("faults", () => {
  it("answer as many requests as wanted, after as many as wanted were let through", async () => {
    await setFault(server, { kind: "status", status: 503, path: "/api/v3/user", skip: 1, times: 2 });
    const seen: number[] = [];
    for (let n = 0; n < 5; n++) seen.push(await status("GET", "/user"));
    expect(seen).toEqual([200, 503, 503, 200, 200]);
  });

  it("happen only to the method and path they are for", async () => {
    await createRepository(server, "matched", { autoInit: true });
    await setFault(server, {
      kind: "status",
      status: 500,
      method: "PUT",
      path: "/api/v3/repos/*/contents/*",
    });
    expect(await status("GET", "/repos/acme/matched/contents/README.md")).toBe(200);
    expect(await status("PUT", "/repos/acme/matched/contents/x")).toBe(500);
    expect(await status("PUT", "/repos/acme/matched/topics")).toBe(422);
  });

  it("play both of GitHub's rate limits as GitHub words them", async () => {
    await setFault(server, { kind: "rate-limit", limit: "secondary", retryAfterSeconds: 7, times: 1 });
    const secondary = await callApi(server, "GET", "/user");
    expect(secondary.status).toBe(403);
    expect(secondary.headers.get("retry-after")).toBe("7");
    expect(secondary.body["documentation_url"]).toMatch(/secondary-rate-limits$/);
    await setFault(server, { kind: "rate-limit", limit: "primary", retryAfterSeconds: 60, times: 1 });
    const primary = await callApi(server, "GET", "/user");
    expect(primary.headers.get("x-ratelimit-remaining")).toBe("0");
    expect(Number(primary.headers.get("x-ratelimit-reset"))).toBeGreaterThan(Date.now() / 1000 + 30);
    await setFault(server, { kind: "status", status: 429, retryAfterSeconds: 3, times: 1 });
    const tooMany = await callApi(server, "GET", "/user");
    expect([tooMany.status, tooMany.headers.get("retry-after")]).toEqual([429, "3"]);
  });

  it("can lose the answer to a request that was carried out", async () => {
    await createRepository(server, "lost", { autoInit: true });
    const before = await tipOf(server, "acme/lost");
    const body = { message: "x", content: "eA==" };
    await setFault(server, { kind: "cut-response", method: "PUT", afterBytes: 0, times: 1 });
    await expect(callApi(server, "PUT", "/repos/acme/lost/contents/x", { body })).rejects.toThrow();
    expect(await tipOf(server, "acme/lost")).not.toBe(before);
  });

  it("can cut the answer to a clone after some bytes", async () => {
    await createRepository(server, "cut", { autoInit: true });
    const path = "/acme/cut.git/git-upload-pack";
    await setFault(server, { kind: "cut-response", path, afterBytes: 40 });
    await expect(clone(server, dir, "acme/cut")).rejects.toThrow();
    await clearFaults(server);
    await clone(server, dir, "acme/cut");
  });

  it("can refuse a push halfway through its two requests", async () => {
    await createRepository(server, "halfway", { autoInit: true });
    const client = await clone(server, dir, "acme/halfway");
    const sha = await commitFile(client, "a", "a");
    const before = await tipOf(server, "acme/halfway");
    await setFault(server, {
      kind: "status",
      status: 401,
      method: "POST",
      path: "/acme/halfway.git/*",
      times: 1,
    });
    expect((await tryGit(client, "push", "origin", "main")).code).not.toBe(0);
    expect(await tipOf(server, "acme/halfway")).toBe(before);
    await git(client, "push", "--quiet", "origin", "main");
    expect(await tipOf(server, "acme/halfway")).toBe(sha);
  });

  it("can hold requests until they are let go, and then carry them out", async () => {
    await createRepository(server, "held", { autoInit: true });
    const client = await clone(server, dir, "acme/held");
    const sha = await commitFile(client, "a", "a");
    const before = await tipOf(server, "acme/held");
    const path = "/acme/held.git/git-receive-pack";
    const fault = await setFault(server, { kind: "pause", path });
    const push = tryGit(client, "push", "origin", "main");
    expect(await waitUntil(async () => (await requests(server, { path })).length === 1, 10_000)).toBe(true);
    expect(await tipOf(server, "acme/held")).toBe(before);
    await clearFaults(server, fault);
    expect((await push).code).toBe(0);
    expect(await tipOf(server, "acme/held")).toBe(sha);
  });

  it("can delay an answer", async () => {
    await setFault(server, { kind: "delay", ms: 400, times: 1 });
    const started = performance.now();
    expect(await status("GET", "/user")).toBe(200);
    expect(performance.now() - started).toBeGreaterThan(390);
  });

  it("are refused when they say nothing that can be done", async () => {
    await expect(setFault(server, { kind: "fire" } as unknown as Fault)).rejects.toThrow(/"kind" is fire/);
    await expect(setFault(server, { kind: "delay" } as Fault)).rejects.toThrow(/"ms"/);
  });
});

describe("the sandbox's own interface", () => {
  it("is closed to the tokens of the GitHub API", async () => {
    const wrong = { ...server, controlToken: server.token };
    await expect(setFault(wrong, { kind: "pause" })).rejects.toThrow(/wrong token/);
    await expect(addIdentity(wrong, { login: "thief", access: "admin" })).rejects.toThrow(/wrong token/);
    expect(await status("GET", "/user")).toBe(200);
  });

  it("tells which requests were made, by whom, and what became of them", async () => {
    await createRepository(server, "logged");
    await clearRequests(server);
    const reader = await addIdentity(server, { login: "log-reader", access: { "acme/logged": "read" } });
    await callApi(server, "GET", "/repos/acme/logged?x=1", { token: reader.token });
    await callApi(server, "POST", "/repos/acme/logged/keys", { token: reader.token });
    expect(await requests(server)).toMatchObject([
      { method: "GET", path: "/api/v3/repos/acme/logged", query: "x=1", login: "log-reader", status: 200 },
      { method: "POST", path: "/api/v3/repos/acme/logged/keys", login: "log-reader", status: 403 },
    ]);
    expect(await requests(server, { method: "post" })).toHaveLength(1);
    expect(JSON.stringify(await requests(server))).not.toContain(reader.token);
  });

  it("lets a token expire while it is in use", async () => {
    await createRepository(server, "expiring", { private: true });
    const someone = await addIdentity(server, { login: "someone", access: { "acme/expiring": "write" } });
    const ask = (): Promise<number> =>
      callApi(server, "GET", "/repos/acme/expiring", { token: someone.token }).then(
        (answer) => answer.status,
      );
    expect(await ask()).toBe(200);
    await expireToken(server, "someone");
    expect(await ask()).toBe(401);
    const born = await addIdentity(server, { login: "late", access: "admin", expiresInSeconds: 0 });
    expect((await callApi(server, "GET", "/user", { token: born.token })).status).toBe(401);
  });
});
