import type { Route } from "../proxy/index.ts";
import { kwokStages } from "../toolchain/index.ts";
import { writeCredentials, writeKubeconfigs } from "./credentials.ts";
import { assertClusterNames } from "./names.ts";
import type { ClusterTools } from "./parts.ts";
import { DEFAULT_NODES } from "./seed.ts";
import { startEtcd } from "./etcd.ts";
import { startCluster } from "./start.ts";
import { keepClusters } from "./state.ts";
import type { ClusterInfo } from "./state.ts";

export interface ClusterOptions {
  /**
   * Opens the routes of *all* clusters of the sandbox, each named after its cluster.
   *
   * @default no proxy: kubeconfigs name the API servers themselves
   * @example (routes) => startProxy(dir, routes)
   */
  readonly proxy?: (routes: readonly Route[]) => Promise<unknown>;
  /** Nodes of a new cluster. @default {@link DEFAULT_NODES} */
  readonly nodes?: number;
  /**
   * Path of the socket of a proxy by which the API servers reach pods, as they do for `services/…/proxy`.
   *
   * @default none: nobody answers for a pod
   */
  readonly podNetwork?: string;
}

/**
 * Brings the named clusters up, in parallel, with all that they had before; what runs is kept as it is,
 * and a cluster that is not named is left alone. Call it once at a time for one `dir`.
 *
 * @param dir the sandbox's folder
 * @param tools from `ensureTools`
 * @returns the named clusters, in that order; they can be used
 * @throws when a name is no DNS label or is given twice (before anything is started), or when a part does not start
 */
export async function startClusters(
  dir: string,
  tools: ClusterTools,
  names: readonly string[],
  options: ClusterOptions = {},
): Promise<readonly ClusterInfo[]> {
  assertClusterNames(names);
  const known = await keepClusters(dir, names, options.proxy !== undefined);
  const chosen = names.flatMap((name) => known.filter((cluster) => cluster.name === name));
  await Promise.all(known.map((cluster) => writeCredentials(dir, cluster)));
  writeKubeconfigs(dir, known);
  await startEtcd(dir, tools);
  const { nodes = DEFAULT_NODES, podNetwork } = options;
  const given = { tools, stages: kwokStages(), nodes, podNetwork };
  await all([
    options.proxy?.(known.map(routeOf)),
    ...chosen.map((cluster) => startCluster(dir, cluster, given)),
  ]);
  return chosen;
}

/** Waits for every one, so that none goes on after this has thrown, and says what each failed of. */
async function all(promises: readonly (Promise<unknown> | undefined)[]): Promise<void> {
  const results = await Promise.allSettled(promises);
  const failures = results
    .filter((result) => result.status === "rejected")
    .map((result) => result.reason as Error);
  if (failures.length > 0) throw new Error(failures.map((failure) => failure.message).join("\n"));
}

const routeOf = ({ name, proxyPort, apiPort, tls }: ClusterInfo): Route => ({
  name,
  listenPort: proxyPort,
  targetPort: apiPort,
  tls,
});
