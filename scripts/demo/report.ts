import { openKubeconfig } from "../../sandbox/clusters/index.ts";
import type { ClusterInfo, ObjectRef } from "../../sandbox/clusters/index.ts";
import type { StackRun } from "./stacks.ts";
import { textTable } from "./table.ts";

const HEADING = ["ENVIRONMENT", "CLUSTER", "RELEASE", "DIGEST", "READY", "BY", "WHERE TO LOOK"] as const;
/** The sample application: its name is that of its namespace and of its objects. */
const APP = "shop";
const DIGEST_SHOWN = "sha256:".length + 12;

/** What runs where, as the clusters themselves say: the record, and the Deployment's ready replicas. */
export async function runningTable(
  runs: readonly StackRun[],
  clusters: readonly ClusterInfo[],
): Promise<string> {
  const places = runs.flatMap(({ stack, record }) =>
    Object.entries(record).map(([cluster, { result }]) => ({ stack, cluster, result })),
  );
  const rows = places.map(({ stack, cluster, result }) => {
    const info = clusters.find(({ name }) => name === cluster);
    if (info === undefined) throw new Error(`The sandbox has no cluster ${cluster}.`);
    return rowOf(stack, info, result === undefined ? "push" : `Flux (${result})`);
  });
  return textTable(HEADING, await Promise.all(rows));
}

async function rowOf(environment: string, { name, kubeconfig }: ClusterInfo, by: string): Promise<string[]> {
  const api = openKubeconfig(kubeconfig);
  const at = (object: string): ObjectRef["metadata"] => ({ namespace: APP, name: object });
  const record = await api.get({ apiVersion: "v1", kind: "ConfigMap", metadata: at(`${APP}-release`) });
  const deployment = await api.get({ apiVersion: "apps/v1", kind: "Deployment", metadata: at(APP) });
  const { release = "?", [`image.${APP}`]: image = "?" } = record?.data ?? {};
  const { readyReplicas = 0, replicas = 0 } = (deployment?.status ?? {}) as Record<string, number>;
  const digest = image.slice(image.indexOf("@") + 1).slice(0, DIGEST_SHOWN);
  const look = `kubectl --context ${name} -n ${APP} get deploy,cm`;
  return [environment, name, release, digest, `${readyReplicas}/${replicas}`, by, look];
}
