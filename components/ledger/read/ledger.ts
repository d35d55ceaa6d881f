import { shown } from "../../manifests";
import { throwIfAny } from "../../mistake";
import { LedgerError } from "../failure";
import { closeGit } from "../git";
import type { Git } from "../git";
import type { LedgerLocation, LedgerRuntime } from "../publish/args";
import { checkLocation } from "../publish/check";
import { patiently } from "../publish/patience";
import { openLedger } from "../publish/session";
import { fetchAll } from "../publish/tip";
import { CLUSTERS_FOLDER, byCluster } from "./clusters";
import type { ClusterFiles } from "./clusters";
import { readFiles } from "./content";
import type { FileTexts } from "./content";
import { readEntries } from "./entries";
import type { LedgerEntry } from "./entries";

/** A ledger as it was when it was fetched. Close it when it is no longer needed. */
export interface Ledger {
  /** The newest commit; undefined when nothing was published to the branch yet. */
  readonly tip: LedgerEntry | undefined;
  /** What each cluster has been told to run. */
  readonly clusters: ClusterFiles;
  /** Every commit, the newest first. */
  readonly history: readonly LedgerEntry[];
  /**
   * What each cluster had been told to run after that commit.
   *
   * @throws LedgerError when the branch's history has no such commit.
   */
  at(commit: string): Promise<ClusterFiles>;
  /** The files of another folder at the tip, by their paths from the root; none when it is not there. */
  folder(name: string): Promise<FileTexts>;
  /** Removes what was fetched. */
  close(): void;
}

/**
 * Reads a ledger with one fetch of its whole history.
 *
 * @throws Mistake with every problem of the location.
 * @throws LedgerError when it cannot be reached or read.
 */
export async function readLedger(location: LedgerLocation, runtime: LedgerRuntime = {}): Promise<Ledger> {
  throwIfAny(`Ledger ${shown(location.branch)}`, checkLocation(location));
  return openLedger(location, runtime, "Reading", async (git) => {
    const tip = await patiently(runtime, () => fetchAll(git, location.branch));
    const history = tip === undefined ? [] : await readEntries(git, tip.commit);
    const clusters = tip === undefined ? new Map() : await readClusters(git, tip.commit);
    const commits = new Set(history.map(({ commit }) => commit));
    return {
      tip: history.find(({ commit }) => commit === tip?.commit),
      clusters,
      history,
      at: async (commit: string) => {
        if (commits.has(commit)) return readClusters(git, commit);
        throw new LedgerError("not-found", [`${shown(commit)} is no commit of ${shown(location.branch)}`]);
      },
      folder: async (name: string) =>
        tip === undefined ? new Map<string, string>() : readFiles(git, tip.commit, [name]),
      close: () => closeGit(git),
    };
  });
}

async function readClusters(git: Git, commit: string): Promise<ClusterFiles> {
  return byCluster(await readFiles(git, commit, [CLUSTERS_FOLDER]));
}
