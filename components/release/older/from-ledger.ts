import { Mistake } from "../../mistake";
import { readLedger } from "../../ledger";
import type { ClusterFiles, FileTexts, Ledger, LedgerLocation, LedgerRuntime } from "../../ledger";
import type { Rendered } from "../render";
import type { ReleaseRequest } from "./args";
import { isListOf, readList } from "./files";

/**
 * The lists of a release that a ledger holds, as they were published. Only those of the wanted clusters that were
 * made with the same settings, newest first; none where nothing fits.
 *
 * @throws LedgerError when the ledger cannot be read.
 */
export async function readFromLedger(
  request: ReleaseRequest,
  location: LedgerLocation,
  runtime: LedgerRuntime,
): Promise<Map<string, Rendered>> {
  const ledger = await readLedger(location, runtime);
  try {
    return await findLists(request, ledger);
  } finally {
    ledger.close();
  }
}

async function findLists(request: ReleaseRequest, ledger: Ledger): Promise<Map<string, Rendered>> {
  const found = new Map<string, Rendered>();
  const isWanted = (cluster: string): boolean => request.clusters.includes(cluster) && !found.has(cluster);
  take(request, ledger.clusters, found);
  for (const { commit, release, clusters } of ledger.history) {
    if (release === request.release.id && clusters.some(isWanted)) {
      take(request, await ledger.at(commit), found);
    }
  }
  return found;
}

function take(request: ReleaseRequest, files: ClusterFiles, found: Map<string, Rendered>): void {
  for (const cluster of request.clusters.filter((name) => !found.has(name))) {
    const list = listOf(request, files.get(cluster));
    if (list !== undefined) found.set(cluster, list);
  }
}

/** Text that somebody has edited into something else than YAML is no list of the release. */
function listOf(request: ReleaseRequest, files: FileTexts | undefined): Rendered | undefined {
  if (files === undefined) return undefined;
  try {
    const list = readList(request.app, files);
    return list !== undefined && isListOf(request, list) ? list : undefined;
  } catch (error) {
    if (error instanceof Mistake) return undefined;
    throw error;
  }
}
