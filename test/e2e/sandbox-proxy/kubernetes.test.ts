import { spawn } from "node:child_process";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startClusters, stopClusters } from "../../../sandbox/clusters/index.ts";
import { run, tryRun, waitUntil } from "../../../sandbox/processes/index.ts";
import { proxyControl, startProxy } from "../../../sandbox/proxy/index.ts";
import type { ProxyControl, RequestRecord } from "../../../sandbox/proxy/index.ts";
import { ensureTools } from "../../../sandbox/toolchain/index.ts";
import { Cleanup } from "./support.ts";

const SERVERS = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok"] as const;
const CLUSTER = "eu-1";
const cleanup = new Cleanup();
let kubectl: readonly [string, string];
let proxy: ProxyControl;

beforeAll(async () => {
  const tools = await ensureTools([...SERVERS, "kubectl"]);
  const dir = cleanup.sandbox();
  cleanup.add(() => stopClusters(dir));
  const [cluster] = await startClusters(dir, tools, [CLUSTER], {
    proxy: (routes) => startProxy(dir, routes),
  });
  kubectl = [tools.kubectl, `--kubeconfig=${cluster!.kubeconfig}`];
  proxy = proxyControl(dir);
});
afterAll(() => cleanup.run());
beforeEach(async () => {
  await proxy.pass(CLUSTER);
  await proxy.read(CLUSTER, "requests");
  await proxy.resetCounts(CLUSTER);
});

const configMap = (name: string): object => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name } });

async function apply(...names: readonly string[]): Promise<void> {
  const list = { apiVersion: "v1", kind: "List", items: names.map(configMap) };
  await run(kubectl[0], [kubectl[1], "apply", "--server-side", "-f", "-"], { input: JSON.stringify(list) });
}

const patches = async (): Promise<RequestRecord[]> =>
  (await proxy.requests(CLUSTER)).filter(({ method }) => method === "PATCH");

describe("a real client of a real API server", () => {
  it("waits as a 429 tells it to, and applies once", async () => {
    await proxy.answer(CLUSTER, { status: 429, headers: { "Retry-After": "1" }, method: "PATCH", count: 2 });
    await apply("waiting");
    const sent = await patches();
    expect(sent.map(({ status, made }) => [status, made])).toEqual([
      [429, true],
      [429, true],
      [201, false],
    ]);
    const pauses = sent.slice(1).map(({ at }, index) => at - sent[index]!.at);
    for (const pause of pauses) expect(pause).toBeGreaterThanOrEqual(990);
  });

  it("applies every object once while a third of its requests fail", async () => {
    await proxy.answer(CLUSTER, {
      status: 503,
      headers: { "Retry-After": "0" },
      method: "PATCH",
      share: 0.3,
    });
    const names = Array.from({ length: 20 }, (_, index) => `burst-${index}`);
    await apply(...names);
    const reached = (await patches()).filter(({ made }) => !made).map(({ path }) => path.split(/[/?]/)[6]);
    expect(reached.sort()).toEqual([...names].sort());
  });

  it("sees the events of a watch as they happen", async () => {
    const watch = spawn(kubectl[0], [kubectl[1], "get", "configmaps", "--watch", "--output=name"]);
    let seen = "";
    watch.stdout.on("data", (data: Buffer) => (seen += data.toString()));
    try {
      expect(await waitUntil(async () => seen.includes("kube-root-ca.crt"), 10_000)).toBe(true);
      await apply("watched");
      expect(await waitUntil(async () => seen.includes("configmap/watched"), 10_000)).toBe(true);
    } finally {
      watch.kill();
    }
  });

  it("is refused, or waits in vain, where the way is cut", async () => {
    const get = () => tryRun(kubectl[0], [kubectl[1], "get", "namespaces", "--request-timeout=1s"]);
    for (const reads of ["bytes", "requests"] as const) {
      await proxy.read(CLUSTER, reads);
      await proxy.refuse(CLUSTER);
      expect((await get()).stderr).toMatch(/refused/);
      await proxy.swallow(CLUSTER);
      expect((await get()).stderr).toMatch(/timeout|deadline/i);
      await proxy.pass(CLUSTER);
      expect((await get()).code).toBe(0);
    }
  });
});
