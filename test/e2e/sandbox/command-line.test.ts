import { afterAll, describe, expect, it } from "vitest";
import { openKubeconfig } from "../../../sandbox/clusters/index.ts";
import type { ClusterApi } from "../../../sandbox/clusters/index.ts";
import type { SandboxInfo } from "../../../sandbox/info.ts";
import { accepts, isAlive, tryRun } from "../../../sandbox/processes/index.ts";
import { RegistryClient, smallImage } from "../sandbox-images/registry-client";
import { killEverything } from "../sandbox-images/support";
import { cliOf } from "./cli";
import type { Cli } from "./cli";

const cli = cliOf("cli");
const other = cliOf("other");
afterAll(async () => {
  for (const each of [cli, other]) await each.sandbox("down");
});

const MARK = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "mark", namespace: "default" } };
const image = smallImage();
let info: SandboxInfo;

const up = async (sandbox: Cli): Promise<SandboxInfo> =>
  JSON.parse(await sandbox.sandbox("up", "--clusters", "1", "--json")) as SandboxInfo;
const cluster = ({ clusters: [first] }: SandboxInfo): ClusterApi => openKubeconfig(first!.kubeconfig);
const pids = (sandbox: Cli): Record<string, number> =>
  Object.fromEntries(sandbox.records().map(({ name, pid }) => [name, pid]));
const portOf = (address: string): number => Number(address.slice(address.lastIndexOf(":") + 1));

/** In order, on one sandbox: what one does, the next goes on from. */
describe("a sandbox", () => {
  it("that is down says how to start it, and is no error to take down", async () => {
    const { code, stderr } = await cli.trySandbox("env");
    expect([code, stderr]).toEqual([
      1,
      `✗ Sandbox "${cli.name}" is not up. Start it with: npm run sandbox -- up --name ${cli.name}\n`,
    ]);
    expect(await cli.sandbox("status")).toContain(`Sandbox "${cli.name}" is down. Start it with:`);
    expect((await cli.trySandbox("logs")).code).toBe(1);
    expect((await cli.trySandbox("down")).code).toBe(0);
  });

  it("comes up, and prints what a program needs as JSON and nothing else", async () => {
    info = await up(cli);
    expect(info).toMatchObject({ name: cli.name, dir: cli.dir, clusters: [{ name: "dev-1" }] });
    expect((await cluster(info).send({ method: "GET", path: "/readyz" })).status).toBe(200);
    await cluster(info).apply(MARK);
    await new RegistryClient(info.registry.url).push("acme/mark", "1.0", image);
  });

  it("is quick to come up a second time, and no process is another", async () => {
    const before = pids(cli);
    const begun = performance.now();
    expect(await up(cli)).toEqual(info);
    expect(performance.now() - begun).toBeLessThan(60_000);
    expect(pids(cli)).toEqual(before);
  });

  it("says what runs, to people and to programs", async () => {
    const names = Object.keys(pids(cli));
    expect(names).toEqual(expect.arrayContaining(["buildkitd", "dev-1.kube-apiserver", "etcd", "proxy"]));
    const said = await cli.sandbox("status");
    for (const name of names) expect(said).toContain(`runs     ${name} (process ${pids(cli)[name]})`);
    const parts = JSON.parse(await cli.sandbox("status", "--json")) as { part: string; runs: boolean }[];
    expect(parts.map(({ part, runs }) => [part, runs])).toEqual(names.map((name) => [name, true]));
  });

  it("gives variables with which a shell uses its cluster", async () => {
    const variables = JSON.parse(await cli.sandbox("env", "--json")) as Record<string, string>;
    expect(variables).toEqual(info.env);
    expect(variables["DELIVERY_SANDBOX_REGISTRY"]).toBe(info.registry.address);
    expect(variables["DELIVERY_SANDBOX_GIT_URL"]).toBe(info.git.url);
    const script = [
      await cli.sandbox("env"),
      "kubectl --context dev-1 get configmap mark -o name && pulumi version",
      "node -e 'fetch(`http://${process.env.DELIVERY_SANDBOX_REGISTRY}/v2/acme/mark/tags/list`).then(async (r) => console.log(await r.json()))'",
    ].join("\n");
    const { code, stdout } = await tryRun("sh", ["-c", script]);
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^configmap\/mark\nv\d+\.\d+\.\d+\n\{.*tags: \[ '1\.0' \] \}\n$/),
    ]);
  });

  it("shows what its parts have said, all of them or one", async () => {
    const all = await cli.sandbox("logs");
    for (const name of Object.keys(pids(cli))) expect(all).toContain(`── ${name} ─`);
    expect(await cli.sandbox("logs", "dev-1.kube-apiserver")).toMatch(/\S+\.go:\d+\]/);
    const ends = JSON.parse(await cli.sandbox("logs", "--json")) as { part: string; end: string }[];
    expect(ends.map(({ part }) => part)).toEqual(Object.keys(pids(cli)));
    const { code, stderr } = await cli.trySandbox("logs", "nothing");
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('no log of nothing; "status" names the parts'),
    ]);
  });

  it("refuses a number of clusters that is none, and says what it can be", async () => {
    const { code, stderr } = await cli.trySandbox("up", "--clusters", "0");
    expect(code).not.toBe(0);
    expect(stderr).toContain("give a whole number from 1 to 20.");
  });

  it("comes back with its objects and images after everything of it was killed", async () => {
    const uid = (await cluster(info).get(MARK))?.metadata.uid;
    const before = cli.records();
    await killEverything(cli.dir);
    const status = await cli.trySandbox("status");
    expect([status.code, status.stdout]).toEqual([1, expect.stringContaining("stopped")]);
    expect(await up(cli)).toEqual(info);
    expect(before.filter(isAlive)).toEqual([]);
    expect(uid).toBeDefined();
    expect((await cluster(info).get(MARK))?.metadata.uid).toBe(uid);
    expect(await new RegistryClient(info.registry.url).pull("acme/mark", image.digest)).toEqual(
      image.manifest,
    );
  });

  it("does not meet another one: no port, no folder, and the end of one leaves the other alone", async () => {
    const second = await up(other);
    const ports = (of: SandboxInfo): number[] => [
      ...[of.registry.address, of.git.url.replace(/\/$/, ""), of.clusters[0]!.server].map(portOf),
      of.clusters[0]!.apiPort,
    ];
    expect(new Set([...ports(info), ...ports(second)]).size).toBe(8);
    expect(second.dir).not.toBe(info.dir);
    expect(await cluster(second).get(MARK)).toBeUndefined();
    const before = pids(cli);
    const left = other.watch();
    await other.sandbox("down");
    expect(await left()).toEqual([]);
    expect(pids(cli)).toEqual(before);
    expect(cli.records().every(isAlive)).toBe(true);
    expect((await cluster(info).get(MARK))?.metadata.name).toBe("mark");
  });

  it("leaves nothing when it is taken down: no process, mount, namespace, control group, port or file", async () => {
    const left = cli.watch();
    expect(await left()).not.toEqual([]);
    expect(await cli.sandbox("down")).toContain(`Sandbox "${cli.name}" is down, and nothing is left of it.`);
    expect(await left()).toEqual([]);
    for (const port of [portOf(info.registry.address), info.clusters[0]!.apiPort])
      expect(await accepts(port)).toBe(false);
  });
});
