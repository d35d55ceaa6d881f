import { mkdtempSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cgroupName } from "../../../sandbox/images/cgroups.ts";
import { cleanUpDockerd, startDockerd, startRegistry } from "../../../sandbox/images/index.ts";
import type { Dockerd, Registry } from "../../../sandbox/images/index.ts";
import { run, stopAllServices, tryRun } from "../../../sandbox/processes/index.ts";
import { ensureTools } from "../../../sandbox/toolchain/index.ts";
import { Cleanup } from "../sandbox-proxy/support.ts";
import { writeContext } from "./context.ts";
import { RegistryClient } from "./registry-client.ts";
import { inSystem, killEverything, leftovers, ownNamespaces } from "./support.ts";

const TOOLS = ["docker-registry", "dockerd", "docker", "runc"] as const;
/** Where no engine is, whatever there is on this machine. */
const NOWHERE = "unix:///nowhere/docker.sock";
const cleanup = new Cleanup();
let tools: Awaited<ReturnType<typeof ensureTools<(typeof TOOLS)[number]>>>;
let dir: string;
let registry: Registry;
let engine: Dockerd;

beforeAll(async () => {
  tools = await ensureTools(TOOLS);
  dir = cleanup.sandbox(cleanUpDockerd);
  await start();
});
afterAll(() => cleanup.run());

async function start(): Promise<void> {
  registry = await startRegistry(dir, tools, { name: "hub", auth: "token" });
  engine = await startDockerd(dir, tools, { insecureRegistries: [registry.address], existing: NOWHERE });
}

const environment = (): Record<string, string> => ({
  PATH: process.env["PATH"] ?? "",
  DOCKER_HOST: engine.host,
  DOCKER_CONFIG: join(dir, "docker-config"),
  DOCKER_BUILDKIT: "1",
});

const docker = (...args: readonly string[]): Promise<string> =>
  run(tools.docker, args, { env: environment() });

async function login(password: string): Promise<number> {
  const args = ["login", "--username", registry.credentials!.username, "--password-stdin", registry.address];
  return (await tryRun(tools.docker, args, { env: environment(), input: password })).code;
}

const tag = (): string => `${registry.address}/team/app:1`;

async function buildAndPush(): Promise<string> {
  const steps = ['RUN ["/bin/cp", "/content", "/made"]', 'CMD ["/bin/sleep", "600"]'];
  const context = await writeContext(mkdtempSync(join(dir, "context-")), ["/bin/cp", "/bin/sleep"], steps);
  await docker("build", "--network", "none", "--tag", tag(), context);
  expect(await login(registry.credentials!.password)).toBe(0);
  const pushed = await docker("push", tag());
  return /digest: (sha256:[0-9a-f]{64})/.exec(pushed)?.[1] ?? "";
}

describe("the sandbox's Docker Engine", () => {
  it("builds, pushes to a registry with a login, pulls by digest and runs a container", async () => {
    const digest = await buildAndPush();
    const client = new RegistryClient(registry.url, registry.credentials);
    expect((await client.manifest("team/app", "1", "HEAD")).status).toBe(200);
    const byDigest = `${registry.address}/team/app@${digest}`;
    await docker("pull", byDigest);
    expect(await docker("run", "--rm", "--network", "none", byDigest, "/bin/cp", "--version")).toContain(
      "coreutils",
    );
  });

  it("refuses a login with a wrong password", async () => {
    expect(await login("wrong")).not.toBe(0);
  });

  it("has its state of a run where nobody else sees it", async () => {
    expect(engine.own).toBe(true);
    expect(readdirSync("/run").filter((entry) => entry.startsWith("sandbox-docker"))).toEqual([]);
  });

  it("leaves nothing when it is killed with a container running, and starts again with its images", async () => {
    await docker("run", "--detach", "--network", "none", "--name", "sleeper", tag());
    const own = ownNamespaces(dir, "dockerd");
    const cgroup = cgroupName(dir, "docker");
    expect(own.namespaces.length).toBeGreaterThan(2);
    expect(inSystem(dir, cgroup, own)).not.toEqual([]);
    await killEverything(dir);
    await cleanUpDockerd(dir);
    expect(await leftovers(dir, cgroup, own)).toEqual([]);
    await start();
    await docker("image", "inspect", tag());
    await docker("start", "sleeper");
    expect(await docker("ps", "--format", "{{.Names}}")).toBe("sleeper\n");
  });

  it("leaves nothing when it is stopped with a container running", async () => {
    const own = ownNamespaces(dir, "dockerd");
    expect(own.namespaces.length).toBeGreaterThan(2);
    await stopAllServices(dir);
    await cleanUpDockerd(dir);
    expect(await leftovers(dir, cgroupName(dir, "docker"), own)).toEqual([]);
    await start();
  });
});

describe("an engine that is there already", () => {
  const inOther = async (existing: string, insecureRegistries = ["127.0.0.1:5000"]): Promise<Dockerd> => {
    const other = cleanup.sandbox(cleanUpDockerd);
    return startDockerd(other, tools, { insecureRegistries, existing });
  };

  it("is used when it can reach a registry on this machine", async () => {
    expect(await inOther(engine.host)).toEqual({ host: engine.host, version: engine.version, own: false });
  });

  it("is not used for a registry that it would want TLS from", async () => {
    expect((await inOther(engine.host, ["registry.test:5000"])).own).toBe(true);
  });

  it.each([
    ["cannot reach a registry on this machine", "1.12"],
    ["is too new for the client", "1.44"],
  ])("is not used when it %s", async (_why, minApi) => {
    const server = createServer((req, res) => {
      const version = { Version: "1", MinAPIVersion: minApi };
      res.end(JSON.stringify(req.url === "/version" ? version : { status: "Pulling" }));
    });
    const port = await cleanup.listen(server);
    expect((await inOther(`tcp://127.0.0.1:${port}`)).own).toBe(true);
  });
});
