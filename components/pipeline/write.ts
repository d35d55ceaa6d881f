import { clusterFolder } from "../ledger";
import { writeFolders } from "../manifests/files";
import type { RenderedLists } from "../release";

/**
 * Writes what {@link renderEnvironment} gave into a folder, as the ledger has it: `clusters/<name>/`, one file per
 * object, the same names and bytes. See {@link writeRendered} for what else may be in the folder: nothing.
 *
 * @throws Mistake when something else is in the folder, nothing would be written, or it cannot be written.
 */
export function writeEnvironment(dir: string, lists: RenderedLists): void {
  const folders = [...lists].map(([cluster, { objects }]) => [clusterFolder(cluster), objects] as const);
  writeFolders(dir, new Map(folders));
}
