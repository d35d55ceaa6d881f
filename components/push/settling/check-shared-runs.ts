import { isOncePerEnvironment, objectKey, objectTitle, shown } from "../../manifests";
import type { Manifest } from "../../manifests";
import type { ClusterLists } from "../render";
import type { Survey } from "../survey";

/**
 * Problems of migrations that one cluster is to run for all of them and does not run now, since it cannot be reached or is
 * held back: the others would get a release without what it needs.
 */
export function checkSharedRuns(lists: ClusterLists, survey: Pick<Survey, "reach" | "told">): string[] {
  return [...lists].flatMap(([cluster, { applied }]) => {
    const why = whyNot(survey, cluster);
    if (why === undefined) return [];
    return applied
      .filter((object) => object.kind === "Job" && isOncePerEnvironment(object))
      .filter((run) => !hasRun(survey.told[cluster], run))
      .map(
        (run) =>
          `${objectTitle(run)} runs for all clusters in ${shown(cluster)}, which ${why}: none may get this release before; ` +
          "wait for that cluster, or name another one first in the waves",
      );
  });
}

function whyNot({ reach, told }: Pick<Survey, "reach" | "told">, cluster: string): string | undefined {
  const found = reach[cluster];
  if (found?.state === "unreachable") return `cannot be reached (${found.why})`;
  return told[cluster]?.pinned === undefined ? undefined : "is held back by a pin";
}

/** Whether it was part of what has succeeded there last. */
function hasRun(told: Survey["told"][string] | undefined, run: Manifest): boolean {
  const { list, verified } = told ?? {};
  const isSure = list !== undefined && list.contentHash === verified;
  return isSure && list.objects.some((object) => objectKey(object) === objectKey(run));
}
