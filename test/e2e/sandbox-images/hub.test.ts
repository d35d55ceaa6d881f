import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEFAULT_PULL_LIMIT, startRegistry } from "../../../sandbox/images/index.ts";
import type { Registry } from "../../../sandbox/images/index.ts";
import { waitUntil } from "../../../sandbox/processes/index.ts";
import { proxyControl } from "../../../sandbox/proxy/index.ts";
import { ensureTools } from "../../../sandbox/toolchain/index.ts";
import { Cleanup } from "../sandbox-proxy/support.ts";
import { basicHeader, parameters, RegistryClient, send, smallImage } from "./registry-client.ts";

const cleanup = new Cleanup();
let dir: string;
let tools: { readonly "docker-registry": string };
let hub: Registry;
let owner: RegistryClient;
let reader: RegistryClient;
let nobody: RegistryClient;

beforeAll(async () => {
  tools = await ensureTools(["docker-registry"]);
  dir = cleanup.sandbox();
  hub = await startRegistry(dir, tools, { name: "hub", auth: "token" });
  owner = new RegistryClient(hub.url, hub.credentials);
  reader = new RegistryClient(hub.url, hub.reader);
  nobody = new RegistryClient(hub.url);
});
afterAll(() => cleanup.run());

interface Token {
  readonly token: string;
  readonly access_token: string;
  readonly expires_in: number;
  readonly issued_at: string;
}

/** What the token service of this registry gives for a scope. */
async function tokenFor(registry: Registry, scope: string, authorization?: string): Promise<Token> {
  const challenge = parameters((await send("GET", `${registry.url}/v2/`)).headers["www-authenticate"]);
  const query = new URLSearchParams({ service: challenge["service"] ?? "", scope });
  const headers = authorization === undefined ? undefined : { authorization };
  return JSON.parse((await send("GET", `${challenge["realm"]}?${query}`, headers)).body) as Token;
}

const payload = ({ token }: Token): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as Record<string, unknown>;

describe("a registry that behaves as Docker Hub does", () => {
  it("says where a token is to be had, for whom and for what", async () => {
    const refused = await send("GET", `${hub.url}/v2/team/app/manifests/1`);
    expect(refused.status).toBe(401);
    const challenge = refused.headers["www-authenticate"] ?? "";
    expect(challenge).toMatch(/^Bearer realm="http:\/\/127\.0\.0\.1:\d+\/token",service="/);
    expect(parameters(challenge)["scope"]).toBe("repository:team/app:pull");
    expect(new URL(parameters(challenge)["realm"]!).host).not.toBe(hub.address);
  });

  it("gives tokens that last five minutes, and says so", async () => {
    const token = await tokenFor(hub, "repository:team/app:pull", basicHeader(hub.credentials!));
    expect(token).toMatchObject({ access_token: token.token, expires_in: 300 });
    expect(Number(payload(token)["exp"]) - Date.parse(token.issued_at) / 1000).toBe(300);
  });

  it("lets the owner push, the reader and anybody pull, and only the owner push", async () => {
    const image = smallImage();
    await owner.push("team/app", "1", image);
    expect(await reader.pull("team/app", image.digest)).toEqual(image.manifest);
    expect(await nobody.pull("team/app", image.digest)).toEqual(image.manifest);
    for (const client of [reader, nobody]) {
      await expect(client.push("team/app", "2", smallImage())).rejects.toThrow(/401 instead of 202/);
    }
    expect((await reader.send("DELETE", `/v2/team/app/manifests/${image.digest}`)).status).toBe(401);
  });

  it("limits a token to what was asked for", async () => {
    const scope = "repository:team/app:pull,push repository:team/other:delete";
    const asked = await tokenFor(hub, scope, basicHeader(hub.reader!));
    expect(payload(asked)["access"]).toEqual([{ type: "repository", name: "team/app", actions: ["pull"] }]);
    const elsewhere = await tokenFor(hub, "repository:team/other:pull,push", basicHeader(hub.credentials!));
    const headers = { authorization: `Bearer ${elsewhere.token}` };
    expect((await send("GET", `${hub.url}/v2/team/app/manifests/1`, headers)).status).toBe(401);
  });

  it("refuses a wrong password at the token service, without repeating it", async () => {
    const wrong = new RegistryClient(hub.url, { ...hub.credentials!, password: "hunter2" });
    const attempt = wrong.push("team/app", "1", smallImage());
    await expect(attempt).rejects.toThrow(/token service: 401 .*incorrect username or password/);
    await expect(attempt).rejects.not.toThrow(/hunter2/);
  });

  it("refuses a token that was changed or is from somewhere else", async () => {
    const { token } = await tokenFor(hub, "repository:team/app:pull");
    const [head, , signature] = token.split(".");
    const claims = { ...payload(await tokenFor(hub, "")), access: [] };
    const forged = [head, Buffer.from(JSON.stringify(claims)).toString("base64url"), signature].join(".");
    for (const bad of [forged, "nonsense"]) {
      const headers = { authorization: `Bearer ${bad}` };
      expect((await send("GET", `${hub.url}/v2/`, headers)).status).toBe(401);
    }
  });

  it("gives a token for a password in a form, too", async () => {
    const challenge = parameters((await send("GET", `${hub.url}/v2/`)).headers["www-authenticate"]);
    const form = {
      grant_type: "password",
      ...hub.credentials!,
      service: "s",
      scope: "repository:team/app:push",
    };
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const post = async (fields: Record<string, string>) =>
      send("POST", challenge["realm"]!, headers, Buffer.from(new URLSearchParams(fields).toString()));
    const { access_token: token } = JSON.parse((await post(form)).body) as Token;
    expect(token.split(".")).toHaveLength(3);
    expect((await post({ ...form, password: "wrong" })).status).toBe(401);
    expect((await post({ ...form, grant_type: "refresh_token" })).status).toBe(401);
  });

  it("refuses a token from the second on in which it expires, and takes a new one", async () => {
    const short = await startRegistry(dir, tools, { name: "short", auth: "token", tokenSeconds: 2 });
    await new RegistryClient(short.url, short.credentials).push("team/app", "1", smallImage());
    const { token } = await tokenFor(short, "repository:team/app:pull");
    const headers = { authorization: `Bearer ${token}` };
    const status = async (): Promise<number> =>
      (await send("HEAD", `${short.url}/v2/team/app/manifests/1`, headers)).status;
    expect(await waitUntil(async () => (await status()) === 401, 5_000)).toBe(true);
    expect((await new RegistryClient(short.url).manifest("team/app", "1")).status).toBe(200);
  });

  it("can lose its token service alone", async () => {
    await proxyControl(dir).answer(hub.tokenRoute!, { status: 503 });
    await expect(owner.push("team/app", "3", smallImage())).rejects.toThrow(/token service: 503/);
    expect((await send("GET", `${hub.url}/v2/`)).status).toBe(401);
    await proxyControl(dir).pass(hub.tokenRoute!);
    await owner.push("team/app", "3", smallImage());
  });

  it("shows how many pulls are left, and does not count a HEAD", async () => {
    await owner.push("team/limits", "1", smallImage());
    const first = await reader.manifest("team/limits", "1", "HEAD");
    const { pulls, windowSeconds } = DEFAULT_PULL_LIMIT;
    expect(first.headers["ratelimit-limit"]).toBe(`${pulls};w=${windowSeconds}`);
    const left = (reply: typeof first): number =>
      Number.parseInt(String(reply.headers["ratelimit-remaining"]), 10);
    expect(left(await reader.manifest("team/limits", "1", "HEAD"))).toBe(left(first));
    expect(left(await reader.manifest("team/limits", "1"))).toBe(left(first) - 1);
  });

  it("refuses pulls past the limit for that identity alone, and pushes never", async () => {
    const pullLimit = { pulls: 3, windowSeconds: 3_600 };
    const limited = await startRegistry(dir, tools, { name: "limited", auth: "token", pullLimit });
    const pusher = new RegistryClient(limited.url, limited.credentials);
    await pusher.push("team/app", "1", smallImage());
    const puller = new RegistryClient(limited.url, limited.reader);
    const replies = [];
    for (let pull = 0; pull < 4; pull++) replies.push(await puller.manifest("team/app", "1"));
    expect(replies.map((reply) => reply.status)).toEqual([200, 200, 200, 429]);
    expect(JSON.parse(replies[3]!.body)).toMatchObject({ errors: [{ code: "TOOMANYREQUESTS" }] });
    expect(replies[3]!.headers["ratelimit-remaining"]).toBe("0;w=3600");
    expect((await new RegistryClient(limited.url).manifest("team/app", "1")).status).toBe(200);
    await pusher.push("team/app", "2", smallImage());
  });
});
