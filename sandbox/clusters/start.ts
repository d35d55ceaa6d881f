import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { DEFAULT_READY_TIMEOUT_MS, isFree, lastLines, startService, waitUntil } from "../processes/index.ts";
import type { ServiceSpec } from "../processes/index.ts";
import { ClusterApi } from "./api.ts";
import { CLUSTER_SERVICES, resumeCluster, runningParts, serviceName } from "./control.ts";
import type { ClusterService } from "./control.ts";
import { clusterPaths, etcdDir } from "./layout.ts";
import { isTrue } from "./objects.ts";
import { apiServerPart, controllerManagerPart, etcdSocket, kwokPart, schedulerPart } from "./parts.ts";
import type { ClusterTools, PartSpec } from "./parts.ts";
import { withPodNetwork } from "./pod-network.ts";
import { identityManifests, nodeManifest } from "./seed.ts";
import type { ClusterInfo } from "./state.ts";

const PORT_TIMEOUT_MS = 5_000;
/** How long a part without a port has to run to count as started. */
const MOMENT_MS = 300;

/** What all clusters are started with. */
export interface Ingredients {
  readonly tools: ClusterTools;
  /** Paths of KWOK's stage files. */
  readonly stages: readonly string[];
  /** How many nodes a new cluster gets. */
  readonly nodes: number;
  /** Path of the socket of a proxy to the pods. */
  readonly podNetwork: string | undefined;
}

/** Starts what does not run of one cluster, and waits until its nodes are ready and it makes service accounts. */
export async function startCluster(dir: string, cluster: ClusterInfo, given: Ingredients): Promise<void> {
  const api = directApi(cluster);
  resumeCluster(dir, cluster.name);
  await startApiServer(dir, cluster, given, api);
  await Promise.all([startControllers(dir, cluster, given), seed(api, cluster, given.nodes)]);
  await settled(api, cluster);
  assertAllRun(dir, cluster);
}

/** The admin's way in that no proxy is on. */
function directApi(cluster: ClusterInfo): ClusterApi {
  const ca = readFileSync(cluster.tls.certificate, "utf8");
  return new ClusterApi({ server: `https://127.0.0.1:${cluster.apiPort}`, ca, token: cluster.tokens.admin });
}

async function startApiServer(
  dir: string,
  cluster: ClusterInfo,
  { tools, podNetwork }: Ingredients,
  api: ClusterApi,
): Promise<void> {
  if (
    !runningParts(dir, cluster.name).some(({ name }) => name === serviceName(cluster.name, "kube-apiserver"))
  ) {
    await portGivenBack(cluster);
  }
  const paths = clusterPaths(dir, cluster.name);
  const part = apiServerPart(tools, cluster, paths, etcdSocket(etcdDir(dir)));
  const ready = async (): Promise<boolean> =>
    (await api.send({ method: "GET", path: "/readyz" })).status === 200;
  await startService(
    dir,
    serviceSpec(cluster, "kube-apiserver", withPodNetwork(part, paths.podNetwork, podNetwork), ready),
  );
}

/** A killed process keeps its port until the last of its threads has ended, a moment after it counts as dead. */
async function portGivenBack({ name, apiPort }: ClusterInfo): Promise<void> {
  if (await waitUntil(() => isFree(apiPort), PORT_TIMEOUT_MS)) return;
  throw new Error(`Cluster ${name} needs port ${apiPort}, which another process has now. End that one.`);
}

async function startControllers(dir: string, cluster: ClusterInfo, given: Ingredients): Promise<void> {
  const paths = clusterPaths(dir, cluster.name);
  const { tools, stages } = given;
  const parts = [
    ["kube-controller-manager", controllerManagerPart(tools, paths)],
    ["kube-scheduler", schedulerPart(tools, paths)],
    ["kwok", kwokPart(tools, paths, stages)],
  ] as const;
  await Promise.all(
    parts.map(([service, part]) => startService(dir, serviceSpec(cluster, service, part, hasRunAMoment))),
  );
}

/** One that cannot start ends at once, but not sooner than what an earlier one has left behind can be looked at. */
const hasRunAMoment = async (): Promise<boolean> => {
  await sleep(MOMENT_MS);
  return true;
};

const serviceSpec = (
  cluster: ClusterInfo,
  service: ClusterService,
  part: PartSpec,
  ready: ServiceSpec["ready"],
): ServiceSpec => ({ ...part, name: serviceName(cluster.name, service), ready });

async function seed(api: ClusterApi, cluster: ClusterInfo, nodes: number): Promise<void> {
  for (let index = 1; index <= nodes; index++) await api.create(nodeManifest(cluster.name, index));
  for (const manifest of identityManifests()) await api.create(manifest);
}

/** These have no port to ask, so their work is looked at. */
async function settled(api: ClusterApi, cluster: ClusterInfo): Promise<void> {
  const account = {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name: "default", namespace: "default" },
  };
  await api.until(account, (found) => found !== undefined, DEFAULT_READY_TIMEOUT_MS);
  await api.until(nodeManifest(cluster.name, 1), (node) => isTrue(node, "Ready"), DEFAULT_READY_TIMEOUT_MS);
}

function assertAllRun(dir: string, { name }: ClusterInfo): void {
  const running = new Set(runningParts(dir, name).map((record) => record.name));
  const ended = CLUSTER_SERVICES.map((service) => serviceName(name, service)).filter(
    (part) => !running.has(part),
  );
  if (ended.length === 0) return;
  const ends = ended.map(
    (part) => `${part} ended. The end of its log:\n${lastLines(`${dir}/logs/${part}.log`)}`,
  );
  throw new Error(ends.join("\n"));
}
