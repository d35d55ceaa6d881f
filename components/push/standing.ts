import { checkClusterTarget } from "../clusters";
import type { ClusterTarget } from "../clusters";
import { shown } from "../manifests";
import type { PushDeliveryPlan } from "./args";

/**
 * What becomes of what a retired cluster runs: `delete` removes it; `orphan` leaves it running, and nobody's, which takes
 * no request to the cluster.
 */
export type Retirement = "delete" | "orphan";

/** A cluster that is given up, and how. */
export type RetiredCluster = ClusterTarget & { readonly retired: Retirement };

/** Problems of what is said about single clusters. */
export function checkStanding({ waves, pins, retired, rebuilt, ledger }: PushDeliveryPlan): string[] {
  const members = waves.flatMap(({ clusters }) => clusters.map(({ name }) => name));
  const said = Object.entries({ pins: Object.keys(pins), rebuilt });
  const needing = Object.keys(pins).length + retired.length;
  return [
    ...said.flatMap(([field, names]) => strangers(field, names, members)),
    ...(needing === 0 || ledger !== undefined
      ? []
      : ["pins and retired need a ledger: it has what each cluster was told; add one"]),
    ...retired.flatMap((cluster) => checkRetired(cluster, members)),
  ];
}

function strangers(field: string, names: readonly string[], members: readonly string[]): string[] {
  return names
    .filter((name) => !members.includes(name))
    .map((name) => `${field} names cluster ${shown(name)}, which is in no wave; correct or remove it`);
}

function checkRetired(cluster: RetiredCluster, members: readonly string[]): string[] {
  const { name, retired } = cluster;
  const title = `retired cluster ${shown(name)}`;
  return [
    ...(retired === "delete" || retired === "orphan"
      ? []
      : [`${title} has retired ${shown(retired)}; give "delete" or "orphan"`]),
    ...(members.includes(name) ? [`${title} is in a wave, too; take it out of one of the two`] : []),
    ...checkClusterTarget(cluster),
  ];
}
