import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { registryRequests, startRegistry } from "../../../sandbox/images/index.ts";
import type { Registry, RegistryOptions } from "../../../sandbox/images/index.ts";
import { listRecords, readRecord, stopAllServices } from "../../../sandbox/processes/index.ts";
import { proxyControl } from "../../../sandbox/proxy/index.ts";
import { ensureTools } from "../../../sandbox/toolchain/index.ts";
import { Cleanup } from "../sandbox-proxy/support.ts";
import { digestOf, RegistryClient, send, smallImage } from "./registry-client.ts";
import { killEverything } from "./support.ts";

const cleanup = new Cleanup();
let dir: string;
let tools: { readonly "docker-registry": string };

beforeAll(async () => {
  tools = await ensureTools(["docker-registry"]);
  dir = cleanup.sandbox();
});
afterAll(() => cleanup.run());

describe.each(["none", "basic", "token"] as const)("a registry with authentication %s", (auth) => {
  const options = { name: `r-${auth}`, auth } as RegistryOptions;
  let registry: Registry;
  let client: RegistryClient;

  beforeAll(async () => {
    registry = await startRegistry(dir, tools, options);
    client = new RegistryClient(registry.url, registry.credentials);
  });

  it("takes an image and gives it back by digest", async () => {
    const image = smallImage();
    await client.push("team/app", "1", image);
    expect(await client.pull("team/app", image.digest)).toEqual(image.manifest);
    expect((await client.manifest("team/app", "1", "HEAD")).headers["docker-content-digest"]).toBe(
      image.digest,
    );
    expect((await client.manifest("team/app", "2")).status).toBe(404);
  });

  it("deletes by digest", async () => {
    const image = smallImage();
    await client.push("team/old", "1", image);
    expect((await client.send("DELETE", `/v2/team/old/manifests/${image.digest}`)).status).toBe(202);
    expect((await client.manifest("team/old", "1")).status).toBe(404);
  });

  it("refuses bytes that are not those of their digest", async () => {
    const image = smallImage();
    const wrong = client.push("team/app", digestOf(Buffer.from("other")), image);
    await expect(wrong).rejects.toThrow(/400 instead of 201.*DIGEST_INVALID/s);
  });

  it("counts what was asked of it", async () => {
    await proxyControl(dir).resetCounts(registry.route);
    await client.push("team/counted", "1", smallImage());
    const requests = await registryRequests(dir, registry.name);
    const done = (method: string, path: RegExp): number =>
      requests.filter((each) => each.method === method && path.test(each.path) && each.status < 300).length;
    expect(done("PUT", /\/blobs\/uploads\//)).toBe(2);
    expect(done("PUT", /\/manifests\/1$/)).toBe(1);
    expect(done("DELETE", /./)).toBe(0);
  });

  it("can be down, and be there again", async () => {
    const image = smallImage();
    await proxyControl(dir).refuse(registry.route);
    await expect(client.push("team/down", "1", image)).rejects.toThrow(/ECONNREFUSED/);
    await proxyControl(dir).pass(registry.route);
    await client.push("team/down", "1", image);
  });

  it("has no tag when an upload was cut, wherever that was, and takes the same image afterwards", async () => {
    const image = smallImage(60_000);
    for (let bytes = 500; bytes < 60_000; bytes += 8_500) {
      await proxyControl(dir).cutAfter(registry.route, { bytes });
      await expect(client.push("team/cut", "1", image)).rejects.toThrow(/ECONNRESET|EPIPE|hang up/);
      await proxyControl(dir).pass(registry.route);
      expect((await client.manifest("team/cut", "1")).status).toBe(404);
    }
    await client.push("team/cut", "1", image);
    expect(await client.pull("team/cut", image.digest)).toEqual(image.manifest);
  });

  it("is there again with its address, passwords and images after everything was killed", async () => {
    const image = smallImage();
    await client.push("team/kept", "1", image);
    await killEverything(dir);
    expect(await startRegistry(dir, tools, options)).toEqual(registry);
    expect(await client.pull("team/kept", image.digest)).toEqual(image.manifest);
  });

  it("shows no password in a command line or a log", async () => {
    const secrets = [registry.credentials?.password, registry.reader?.password].filter(
      (each) => each !== undefined,
    );
    const seen = listRecords(dir).map(({ command, log }) =>
      [...command, readFileSync(log, "utf8")].join("\n"),
    );
    for (const secret of secrets) expect(seen.filter((text) => text.includes(secret))).toEqual([]);
  });
});

describe("a registry with names and passwords", () => {
  it("refuses a wrong password, and nobody's requests", async () => {
    const registry = await startRegistry(dir, tools, { name: "r-basic", auth: "basic" });
    const wrong = { username: registry.credentials!.username, password: "wrong" };
    for (const client of [new RegistryClient(registry.url, wrong), new RegistryClient(registry.url)]) {
      await expect(client.push("team/app", "9", smallImage())).rejects.toThrow(/401 instead of 202/);
    }
  });

  it("follows when it is started with another kind of authentication, and keeps its images", async () => {
    const basic = await startRegistry(dir, tools, { name: "changing", auth: "basic" });
    const image = smallImage();
    await new RegistryClient(basic.url, basic.credentials).push("team/app", "1", image);
    const open = await startRegistry(dir, tools, { name: "changing", auth: "none" });
    expect(open.address).toBe(basic.address);
    expect(await new RegistryClient(open.url).pull("team/app", image.digest)).toEqual(image.manifest);
  });

  it("is left as it runs when it is started again with the same options", async () => {
    await startRegistry(dir, tools, { name: "same", auth: "basic" });
    const before = readRecord(dir, "registry-same");
    await startRegistry(dir, tools, { name: "same", auth: "basic" });
    expect(readRecord(dir, "registry-same")).toEqual(before);
  });

  it("cannot have a name that is no file name", async () => {
    await expect(startRegistry(dir, tools, { name: "../x", auth: "none" })).rejects.toThrow(
      'Registry name "../x"',
    );
  });
});

describe("two sandboxes", () => {
  it("have registries of the same name with nothing in common, and stop apart", async () => {
    const other = cleanup.sandbox();
    const here = await startRegistry(dir, tools, { name: "twin", auth: "none" });
    const there = await startRegistry(other, tools, { name: "twin", auth: "none" });
    await new RegistryClient(here.url).push("team/app", "1", smallImage());
    expect((await new RegistryClient(there.url).manifest("team/app", "1")).status).toBe(404);
    await stopAllServices(other);
    expect((await send("GET", `${here.url}/v2/`)).status).toBe(200);
    await expect(send("GET", `${there.url}/v2/`)).rejects.toThrow(/ECONNREFUSED/);
  });
});
