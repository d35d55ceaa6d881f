import { shown } from "../../manifests";
import { overlaps } from "../location";
import { MAX_REMOVED_SHARE } from "./args";

/**
 * Problems of what some folders would lose, each for itself: what an agent finds removed, it deletes from the cluster, and
 * losing most of it at once is more often a mistake.
 */
export function removalProblems(
  files: Pick<ReadonlyMap<string, unknown>, "has">,
  present: readonly string[],
  folders: readonly string[],
): string[] {
  return folders.flatMap((folder) => {
    const ours = present.filter((path) => overlaps(path, folder));
    const removed = ours.filter((path) => !files.has(path));
    if (removed.length <= ours.length * MAX_REMOVED_SHARE) return [];
    const some = removed.slice(0, 3).map(shown).join(", ");
    const more = removed.length > 3 ? ", …" : "";
    return [
      `${removed.length} of ${ours.length} files would be removed from ${shown(folder)} (${some}${more}); ` +
        `if that is meant, say so with allow: ["removals"]`,
    ];
  });
}
