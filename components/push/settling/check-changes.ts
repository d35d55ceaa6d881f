import { checkImmutable } from "../../manifests";
import type { PushDeliveryPlan } from "../args";
import type { ClusterLists } from "../render";
import type { Survey } from "../survey";

/**
 * Problems of what changes in each cluster, by what the ledger says that it was told: fields that a cluster refuses to
 * change. A cluster that is held, or that cannot be reached, is told nothing. What was checked when it was made is left to
 * the cluster: nothing must stand in the way back.
 */
export function checkChanges(
  { checks }: Pick<PushDeliveryPlan, "checks">,
  lists: ClusterLists,
  { reach, told }: Pick<Survey, "reach" | "told">,
): string[] {
  if (checks === "sink") return [];
  const clusters = new Map<string, string[]>();
  for (const [name, { objects }] of lists) {
    const { list, earlier = [], pinned } = told[name] ?? {};
    if (list === undefined || pinned !== undefined || reach[name]?.state === "unreachable") continue;
    for (const problem of checkImmutable([...list.objects, ...earlier], objects)) {
      clusters.set(problem, [...(clusters.get(problem) ?? []), name]);
    }
  }
  return [...clusters].map(([problem, names]) => `${problem} (in ${names.join(", ")})`);
}
