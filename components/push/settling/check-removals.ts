import { clusterFolder } from "../../ledger";
import { removalProblems } from "../../ledger/publish/removals";
import { manifestFileName } from "../../manifests/files";
import type { PushDeliveryPlan } from "../args";
import type { SettledCluster, SettledClusters } from "./settle";

/**
 * Problems of what each cluster's folder of the ledger would lose. The commit of a wave refuses it as well, but only when its
 * turn has come: without a preview the waves before it would have been applied by then.
 */
export function checkRemovals(
  { ledger }: Pick<PushDeliveryPlan, "ledger">,
  settled: SettledClusters,
): string[] {
  if (ledger?.allow?.includes("removals")) return [];
  return [...settled].flatMap(([cluster, one]) => {
    const folder = clusterFolder(cluster);
    const inFolder = (names: readonly string[]): string[] => names.map((name) => `${folder}/${name}`);
    const present = inFolder(Object.keys(one.told?.list?.files ?? {}));
    return removalProblems(new Set(inFolder(namesOf(one))), present, [folder]);
  });
}

/** Names of the files that its folder gets. */
function namesOf({ list: { files, objects, record } }: SettledCluster): string[] {
  return files === undefined ? [...objects, record].map(manifestFileName) : Object.keys(files);
}
