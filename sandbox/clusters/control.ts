import { accepts, isAlive, listRecords, signalGroup, stopService, waitUntil } from "../processes/index.ts";
import type { ProcessRecord } from "../processes/index.ts";
import { openKubeconfig } from "./api.ts";
import { ETCD_SERVICE } from "./etcd.ts";
import { isTrue } from "./objects.ts";
import { findCluster, readClusters } from "./state.ts";

/** The processes of one cluster. */
export const CLUSTER_SERVICES = [
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kwok",
] as const;

export type ClusterService = (typeof CLUSTER_SERVICES)[number];

/** The name of its record and log. A cluster's name has no dot, so no two are the same. */
export const serviceName = (cluster: string, service: ClusterService): string => `${cluster}.${service}`;

/** How long {@link waitForCluster} waits, in milliseconds. */
export const DEFAULT_WAIT_MS = 60_000;
const DEATH_MS = 5_000;

/**
 * Stops every process of the cluster where it is: connections are accepted, and nothing is answered.
 *
 * @throws when the cluster does not run
 */
export function pauseCluster(dir: string, name: string): void {
  findCluster(dir, name);
  if (runningParts(dir, name).length === 0)
    throw new Error(`Cluster ${name} cannot be paused: it does not run.`);
  signalCluster(dir, name, "SIGSTOP");
}

/** Lets a paused cluster go on; nothing happens to one that runs. */
export function resumeCluster(dir: string, name: string): void {
  signalCluster(dir, name, "SIGCONT");
}

/**
 * Kills every process of the cluster, as a power cut does; its data stay. `startClusters` brings it back.
 * Waits for its port too: the other threads of a process that is called dead hold it for a moment more.
 */
export async function killCluster(dir: string, name: string): Promise<void> {
  signalCluster(dir, name, "SIGKILL");
  const { apiPort } = findCluster(dir, name);
  await waitUntil(async () => runningParts(dir, name).length === 0 && !(await accepts(apiPort)), DEATH_MS);
}

/**
 * Waits until the cluster can be used: it answers the admin at the address in its kubeconfig, has its
 * nodes, and makes service accounts.
 *
 * @param timeoutMs @default {@link DEFAULT_WAIT_MS}
 * @throws when it cannot in time; the message has what was seen last
 */
export async function waitForCluster(dir: string, name: string, timeoutMs = DEFAULT_WAIT_MS): Promise<void> {
  const api = openKubeconfig(findCluster(dir, name).kubeconfig);
  const account = {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name: "default", namespace: "default" },
  };
  await api.until(account, (found) => found !== undefined, timeoutMs);
  for (const node of await api.list({ apiVersion: "v1", kind: "Node" })) {
    await api.until({ ...node, apiVersion: "v1", kind: "Node" }, (seen) => isTrue(seen, "Ready"), timeoutMs);
  }
}

/** Stops all clusters and their etcd: the servers before the store that they write to. Their data stay. */
export async function stopClusters(dir: string): Promise<void> {
  const names = readClusters(dir).map((cluster) => cluster.name);
  for (const name of names) resumeCluster(dir, name);
  const services = names.flatMap((name) => CLUSTER_SERVICES.map((service) => serviceName(name, service)));
  await Promise.all(services.map((service) => stopService(dir, service)));
  await stopService(dir, ETCD_SERVICE);
}

/** The records of the cluster's processes that run. */
export function runningParts(dir: string, name: string): ProcessRecord[] {
  const services: readonly string[] = CLUSTER_SERVICES.map((service) => serviceName(name, service));
  return listRecords(dir).filter((record) => services.includes(record.name) && isAlive(record));
}

function signalCluster(dir: string, name: string, signal: NodeJS.Signals): void {
  findCluster(dir, name);
  for (const record of runningParts(dir, name)) signalGroup(record.pid, signal);
}
