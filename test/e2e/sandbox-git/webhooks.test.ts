import { createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callApi, createRepository, requests, startGitServer } from "../../../sandbox/git/index.ts";
import type { GitServer } from "../../../sandbox/git/index.ts";
import { waitUntil } from "../../../sandbox/processes/index.ts";
import { clone, commitFile, git, newSandbox, removeSandbox, startReceiver } from "./support.ts";
import type { Receiver } from "./support.ts";

const SECRET = "a secret of both sides";

let dir: string;
let server: GitServer;
let receiver: Receiver;

beforeAll(async () => {
  dir = newSandbox();
  server = await startGitServer(dir);
});
afterAll(() => removeSandbox(dir));

async function hooked(name: string, config: object, events = ["push"]): Promise<{ id: number }> {
  await createRepository(server, name, { autoInit: true });
  const body = { events, config };
  const { status, body: hook } = await callApi<{ id: number }>(server, "POST", `/repos/acme/${name}/hooks`, {
    body,
  });
  expect(status).toBe(201);
  expect(JSON.stringify(hook)).not.toContain(SECRET);
  return hook;
}

interface Delivery {
  readonly event: string;
  readonly status: string;
  readonly status_code: number;
}

async function deliveries(name: string, id: number): Promise<readonly Delivery[]> {
  return (await callApi<Delivery[]>(server, "GET", `/repos/acme/${name}/hooks/${id}/deliveries`)).body;
}

describe("webhooks", () => {
  beforeAll(async () => {
    receiver = await startReceiver();
    return () => receiver.close();
  });

  it("send a signed push event with its commits and their files", async () => {
    const hook = await hooked("signed", { url: receiver.url, content_type: "json", secret: SECRET });
    const ping = await receiver.next("ping");
    expect(ping.payload["hook_id"]).toBe(hook.id);
    const client = await clone(server, dir, "acme/signed");
    const before = await git(client, "rev-parse", "HEAD");
    const one = await commitFile(client, "a.txt", "1");
    const two = await commitFile(client, "a.txt", "2");
    await git(client, "push", "--quiet", "origin", "main");
    const { headers, body, payload } = await receiver.next("push");
    expect(headers["x-hub-signature-256"]).toBe(
      `sha256=${createHmac("sha256", SECRET).update(body).digest("hex")}`,
    );
    expect(headers["x-github-delivery"]).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers["content-type"]).toBe("application/json");
    expect(payload).toMatchObject({
      ref: "refs/heads/main",
      before,
      after: two,
      created: false,
      forced: false,
      repository: { full_name: "acme/signed" },
      pusher: { name: "sandbox-admin" },
      commits: [
        { id: one, added: ["a.txt"], modified: [] },
        { id: two, added: [], modified: ["a.txt"] },
      ],
    });
    const listed = async (): Promise<boolean> => (await deliveries("signed", hook.id)).length === 2;
    expect(await waitUntil(listed, 5_000)).toBe(true);
    expect(await deliveries("signed", hook.id)).toMatchObject([
      { event: "push", status_code: 200 },
      { event: "ping", status_code: 200 },
    ]);
  });

  it("send the form encoding when asked, signed over exactly what is sent", async () => {
    const wanted = (payload: object): boolean => JSON.stringify(payload).includes("acme/form");
    await hooked("form", { url: receiver.url, content_type: "form", secret: SECRET });
    const { headers, body } = await receiver.next("ping", wanted);
    expect(headers["content-type"]).toBe("application/x-www-form-urlencoded");
    expect(headers["x-hub-signature-256"]).toBe(
      `sha256=${createHmac("sha256", SECRET).update(body).digest("hex")}`,
    );
  });

  it("tell of what the API changes as well: a file, and a pull request from opening to merge", async () => {
    await hooked("by-api", { url: receiver.url, content_type: "json" }, ["push", "pull_request"]);
    const ours = (payload: object): boolean => JSON.stringify(payload).includes("acme/by-api");
    const content = { message: "Add", content: "eA==", branch: "topic" };
    const main = (
      await callApi<{ object: { sha: string } }>(server, "GET", "/repos/acme/by-api/git/ref/heads/main")
    ).body;
    const branch = { ref: "refs/heads/topic", sha: main.object.sha };
    await callApi(server, "POST", "/repos/acme/by-api/git/refs", { body: branch });
    await callApi(server, "PUT", "/repos/acme/by-api/contents/x", { body: content });
    const push = await receiver.next("push", (payload) => ours(payload) && payload["created"] === false);
    expect(push.payload["ref"]).toBe("refs/heads/topic");
    const pull = { title: "Promote", head: "topic", base: "main" };
    await callApi(server, "POST", "/repos/acme/by-api/pulls", { body: pull });
    await callApi(server, "PUT", "/repos/acme/by-api/pulls/1/merge", { body: {} });
    for (const action of ["opened", "closed"]) {
      await receiver.next("pull_request", (payload) => ours(payload) && payload["action"] === action);
    }
    const merged = await receiver.next(
      "push",
      (payload) => ours(payload) && payload["ref"] === "refs/heads/main",
    );
    expect(merged.payload["before"]).toBe(main.object.sha);
  });

  it("do not call a hook that is off or wants other events", async () => {
    const hook = await hooked("quiet", { url: receiver.url, content_type: "json" }, ["pull_request"]);
    await receiver.next("ping", (payload) => payload["hook_id"] === hook.id);
    const client = await clone(server, dir, "acme/quiet");
    await commitFile(client, "a.txt", "1");
    await git(client, "push", "--quiet", "origin", "main");
    await hooked("loud", { url: receiver.url, content_type: "json" });
    const other = await clone(server, dir, "acme/loud");
    await commitFile(other, "a.txt", "1");
    await git(other, "push", "--quiet", "origin", "main");
    await receiver.next("push", (payload) => JSON.stringify(payload).includes("acme/loud"));
    expect((await deliveries("quiet", hook.id)).map(({ event }) => event)).toEqual(["ping"]);
  });
});

describe("a receiver that is not there", () => {
  it("does not hold up the push, and shows in the list of deliveries", async () => {
    const dead = await startReceiver();
    await dead.close();
    const hook = await hooked("dead", { url: dead.url, content_type: "json" });
    const client = await clone(server, dir, "acme/dead");
    await commitFile(client, "a.txt", "1");
    await git(client, "push", "--quiet", "origin", "main");
    expect(await waitUntil(async () => (await deliveries("dead", hook.id)).length === 2, 5_000)).toBe(true);
    for (const delivery of await deliveries("dead", hook.id)) expect(delivery.status_code).toBe(0);
  });

  it("that never answers does not keep others from being served", async () => {
    const silent = await startReceiver({ answer: false });
    await hooked("silent", { url: silent.url, content_type: "json" });
    await silent.next("ping");
    const client = await clone(server, dir, "acme/silent");
    await commitFile(client, "a.txt", "1");
    await git(client, "push", "--quiet", "origin", "main");
    await silent.next("push");
    expect((await requests(server, { path: "/acme/silent.git/git-receive-pack" }))[0]?.status).toBe(200);
    await silent.close();
  });

  it("is never called when it is not on this machine", async () => {
    const hook = await hooked("far", { url: "http://192.0.2.1/hook", content_type: "json" });
    expect(await waitUntil(async () => (await deliveries("far", hook.id)).length === 1, 2_000)).toBe(true);
    expect((await deliveries("far", hook.id))[0]?.status).toContain("not a loopback address");
  });
});
