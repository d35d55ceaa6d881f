import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cgroupName } from "../../../sandbox/images/cgroups.ts";
import { cleanUpBuildkitd, startBuildkitd, startRegistry } from "../../../sandbox/images/index.ts";
import type { Buildkitd, Registry } from "../../../sandbox/images/index.ts";
import { readRecord, stopAllServices, waitUntil } from "../../../sandbox/processes/index.ts";
import { proxyControl } from "../../../sandbox/proxy/index.ts";
import { ensureTools } from "../../../sandbox/toolchain/index.ts";
import { Cleanup } from "../sandbox-proxy/support.ts";
import { writeContext } from "./context.ts";
import { buildImage } from "./plugin.ts";
import { RegistryClient } from "./registry-client.ts";
import { inSystem, killEverything, leftovers, ownNamespaces } from "./support.ts";

const TOOLS = ["docker-registry", "buildkitd", "runc", "pulumi-resource-docker-build"] as const;
const cleanup = new Cleanup();
let tools: Awaited<ReturnType<typeof ensureTools<(typeof TOOLS)[number]>>>;
let dir: string;
let registries: Registry[];
let buildkitd: Buildkitd;

beforeAll(async () => {
  tools = await ensureTools(TOOLS);
  dir = cleanup.sandbox(cleanUpBuildkitd);
  await start();
});
afterAll(() => cleanup.run());

async function start(): Promise<void> {
  registries = [
    await startRegistry(dir, tools, { name: "open", auth: "none" }),
    await startRegistry(dir, tools, { name: "basic", auth: "basic" }),
    await startRegistry(dir, tools, { name: "hub", auth: "token" }),
  ];
  buildkitd = await startBuildkitd(dir, tools, {
    insecureRegistries: registries.map(({ address }) => address),
  });
}

/** A fresh context whose image has a file that is made when it is built: its digest is another each time. */
const context = (steps: readonly string[] = ['RUN ["/bin/cp", "/content", "/made"]']): Promise<string> =>
  writeContext(mkdtempSync(join(dir, "context-")), ["/bin/cp", "/bin/sleep"], steps);

async function build(registry: Registry, location: string, password?: string): Promise<string> {
  const { credentials } = registry;
  const login = credentials && {
    ...credentials,
    password: password ?? credentials.password,
    address: registry.address,
  };
  return buildImage(tools["pulumi-resource-docker-build"], buildkitd.buildxConfig, {
    context: { location },
    tags: [`${registry.address}/team/app:1`],
    builder: { name: buildkitd.builder },
    ...(login === undefined ? {} : { registries: [login] }),
  });
}

const clientOf = ({ url, credentials }: Registry): RegistryClient => new RegistryClient(url, credentials);

describe("BuildKit in the sandbox", () => {
  it("builds an image that runs a command, and pushes it to registries of every kind", async () => {
    const location = await context();
    for (const registry of registries) {
      const digest = await build(registry, location);
      expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
      await clientOf(registry).pull("team/app", digest);
      const tagged = await clientOf(registry).manifest("team/app", "1", "HEAD");
      expect(tagged.headers["docker-content-digest"]).toBe(digest);
    }
  });

  it("cannot push with a wrong password", async () => {
    const location = await context();
    for (const registry of registries.slice(1)) {
      const before = (await clientOf(registry).manifest("team/app", "1", "HEAD")).headers[
        "docker-content-digest"
      ];
      await expect(build(registry, location, "wrong")).rejects.toThrow(/401|unauthorized|incorrect/i);
      const after = (await clientOf(registry).manifest("team/app", "1", "HEAD")).headers[
        "docker-content-digest"
      ];
      expect(after).toBe(before);
    }
  });

  it("moves no tag when the push is cut, and pushes the same image when the line is back", async () => {
    const registry = await startRegistry(dir, tools, { name: "open", auth: "none" });
    const client = clientOf(registry);
    const before = (await client.manifest("team/app", "1", "HEAD")).headers["docker-content-digest"];
    const location = await context();
    await proxyControl(dir).cutAfter(registry.route, { bytes: 300_000 });
    await expect(build(registry, location)).rejects.toThrow(/reset|EOF|broken pipe/i);
    await proxyControl(dir).pass(registry.route);
    expect((await client.manifest("team/app", "1", "HEAD")).headers["docker-content-digest"]).toBe(before);
    await client.pull("team/app", await build(registry, location));
  });

  it("stays as it is for the same registries, and follows when there are others", async () => {
    const addresses = registries.map(({ address }) => address);
    const before = readRecord(dir, "buildkitd");
    await startBuildkitd(dir, tools, { insecureRegistries: addresses });
    expect(readRecord(dir, "buildkitd")).toEqual(before);
    await startBuildkitd(dir, tools, { insecureRegistries: addresses.slice(1) });
    expect(readRecord(dir, "buildkitd")?.pid).not.toBe(before?.pid);
    await start();
  });

  it("leaves nothing when it is killed in the middle of a build, and starts again with its cache", async () => {
    const [registry] = registries as [Registry];
    const location = await context();
    const digest = await build(registry, location);
    const cgroup = cgroupName(dir, "buildkit");
    const running = build(registry, await context(['RUN ["/bin/sleep", "600"]'])).catch(() => "stopped");
    const sleeps = async (): Promise<boolean> => ownNamespaces(dir, "buildkitd").namespaces.length > 2;
    expect(await waitUntil(sleeps, 20_000)).toBe(true);
    const own = ownNamespaces(dir, "buildkitd");
    expect(inSystem(dir, cgroup, own)).not.toEqual([]);
    await killEverything(dir);
    await cleanUpBuildkitd(dir);
    expect(await running).toBe("stopped");
    expect(await leftovers(dir, cgroup, own)).toEqual([]);
    await start();
    expect(await build(registry, location)).toBe(digest);
  });

  it("leaves nothing when it is stopped in the middle of a build", async () => {
    const running = build(registries[0]!, await context(['RUN ["/bin/sleep", "600"]'])).catch(
      () => "stopped",
    );
    const sleeps = async (): Promise<boolean> => ownNamespaces(dir, "buildkitd").namespaces.length > 2;
    expect(await waitUntil(sleeps, 20_000)).toBe(true);
    const own = ownNamespaces(dir, "buildkitd");
    await stopAllServices(dir);
    await cleanUpBuildkitd(dir);
    expect(await running).toBe("stopped");
    expect(await leftovers(dir, cgroupName(dir, "buildkit"), own)).toEqual([]);
  });
});
