import { shown } from "../../manifests";
import { checkCaseTwins, checkFileFolders, checkPath, isBelow } from "./paths";

/** What one publisher owns on a branch, and what it says should be there. */
export interface OwnedFiles {
  /** Folders that belong to this publisher alone, as `clusters/eu-1`. */
  readonly prefixes: readonly string[];
  /** Folders that are removed from the branch now. */
  readonly retired: readonly string[];
  /** Paths of the files, each below one of the prefixes. */
  readonly paths: readonly string[];
}

/** At most so many problems of paths are listed; a generated list can have thousands alike. */
const MAX_LISTED = 20;

/**
 * Problems of prefixes and paths, all at once. A prefix without a file is refused: what an agent finds empty,
 * it deletes from the cluster.
 */
export function checkOwned({ prefixes, retired, paths }: OwnedFiles): string[] {
  const named = [...prefixes, ...retired];
  const problems = [
    ...(named.length === 0 ? ["prefixes is empty; name the folders that are yours"] : []),
    ...prefixes.flatMap((prefix) => checkPath("prefixes:", prefix)),
    ...retired.flatMap((prefix) => checkPath("retired:", prefix)),
    ...checkOverlap(named),
    ...checkPlaces(prefixes, paths),
    ...paths.flatMap((path) => checkPath("files:", path)),
    ...checkCaseTwins([...prefixes, ...paths]),
    ...checkFileFolders(paths),
  ];
  if (problems.length <= MAX_LISTED) return problems;
  return [...problems.slice(0, MAX_LISTED), `and ${problems.length - MAX_LISTED} more like these`];
}

/** Two folders of which one is inside the other, or the same one twice. */
function checkOverlap(prefixes: readonly string[]): string[] {
  return prefixes.flatMap((prefix, index) =>
    prefixes
      .slice(index + 1)
      .filter((other) => overlaps(prefix, other))
      .map((other) => `prefixes ${shown(prefix)} and ${shown(other)} overlap; a folder has one owner`),
  );
}

/** Whether one of two folders is the other or inside it, on any file system. */
export function overlaps(one: string, other: string): boolean {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  return isBelow(a, b) || isBelow(b, a);
}

function checkPlaces(prefixes: readonly string[], paths: readonly string[]): string[] {
  const outside = paths.filter((path) => !prefixes.some((prefix) => path.startsWith(`${prefix}/`)));
  const empty = prefixes.filter((prefix) => !paths.some((path) => path.startsWith(`${prefix}/`)));
  return [
    ...outside.map(
      (path) => `files: ${shown(path)} is outside of ${prefixes.map(shown).join(", ")}; put it below`,
    ),
    ...empty.map(
      (prefix) =>
        `files has nothing below ${shown(prefix)}; an empty render would delete all that runs, so it is refused`,
    ),
  ];
}
