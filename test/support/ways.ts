import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { freePort } from "../../sandbox/processes/index.ts";
import { proxyControl } from "../../sandbox/proxy/index.ts";
import type { ProxyControl, RequestRecord } from "../../sandbox/proxy/index.ts";
import type { ClusterInfo } from "../../sandbox/clusters/index.ts";
import type { SandboxInfo } from "../../sandbox/info.ts";

/**
 * Ways of one's own to the clusters of a shared sandbox: what is broken or counted there is not seen by the tests that
 * run beside. The contexts are named after the clusters.
 */
export interface Ways {
  readonly proxy: ProxyControl;
  /** Path of a kubeconfig with a context for each cluster. */
  readonly kubeconfig: string;
  /** The text of a kubeconfig for one cluster alone. */
  kubeconfigOf(cluster: string): string;
  /** Name of the way to a cluster, for orders to the proxy. */
  route(cluster: string): string;
  /** What changed the cluster since the last reset, in order. */
  changes(cluster: string): Promise<RequestRecord[]>;
  /** Ends every fault, and counts from zero. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

/** @param owner whose ways they are; unique in the sandbox */
export async function openWays(sandbox: SandboxInfo, owner: string): Promise<Ways> {
  const proxy = proxyControl(sandbox.dir);
  const route = (cluster: string): string => `${owner}.${cluster}`;
  const ends = await Promise.all(
    sandbox.clusters.map(async (cluster) => ({ cluster, listenPort: await freePort() })),
  );
  for (const { cluster, listenPort } of ends) {
    const { apiPort: targetPort, tls } = cluster;
    await proxy.put({ name: route(cluster.name), listenPort, targetPort, tls, reads: "requests" });
  }
  const folder = join(sandbox.dir, `ways-${owner}`);
  const kubeconfig = join(folder, "kubeconfig");
  mkdirSync(folder, { recursive: true });
  writeFileSync(kubeconfig, textOf(ends), { mode: 0o600 });
  const names = ends.map(({ cluster }) => cluster.name);
  const each = async (order: (name: string) => Promise<void>): Promise<void> => {
    for (const name of names) await order(route(name));
  };
  return {
    proxy,
    kubeconfig,
    kubeconfigOf: (cluster) => textOf(ends.filter(({ cluster: { name } }) => name === cluster)),
    route,
    changes: async (cluster) => (await proxy.requests(route(cluster))).filter(isChange),
    reset: () => each(async (name) => (await proxy.pass(name), await proxy.resetCounts(name))),
    async close() {
      await each((name) => proxy.remove(name));
      rmSync(folder, { recursive: true });
    },
  };
}

/** A dry run changes nothing. */
function isChange({ method, path }: RequestRecord): boolean {
  return method !== "GET" && method !== "HEAD" && !path.includes("dryRun=");
}

interface End {
  readonly cluster: ClusterInfo;
  readonly listenPort: number;
}

function textOf(ends: readonly End[]): string {
  const named = <T>(map: (end: End) => T): (T & { name: string })[] =>
    ends.map((end) => ({ name: end.cluster.name, ...map(end) }));
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": ends[0]?.cluster.name,
    clusters: named(({ cluster: { tls }, listenPort }) => {
      const ca = readFileSync(tls.certificate).toString("base64");
      return { cluster: { server: `https://127.0.0.1:${listenPort}`, "certificate-authority-data": ca } };
    }),
    users: named(({ cluster: { tokens } }) => ({ user: { token: tokens.admin } })),
    contexts: named(({ cluster: { name } }) => ({ context: { cluster: name, user: name } })),
  });
}
