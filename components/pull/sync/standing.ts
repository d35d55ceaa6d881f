import { tryGit } from "../../ledger/git";
import type { LedgerRuntime } from "../../ledger/publish/args";
import { withLedger } from "../../ledger/publish/session";
import { fetchTip } from "../../ledger/publish/tip";
import { readFolders } from "../../ledger/publish/tree";
import type { SyncGateInputs } from "./inputs";
import type { Standing } from "./judge";

/**
 * Tells how commits stand to ours, by the history of the branch. Each is looked up once.
 *
 * @returns a function that throws LedgerError when the repository cannot be read
 */
export function standings(
  inputs: SyncGateInputs,
  runtime: LedgerRuntime,
): (commit: string | undefined) => Promise<Standing> {
  const known = new Map<string, Standing>([[inputs.commit, "same"]]);
  return async (commit) => {
    if (commit === undefined) return "other";
    const before = known.get(commit);
    if (before !== undefined) return before;
    const standing = await lookUp(inputs, commit, runtime);
    known.set(commit, standing);
    return standing;
  };
}

async function lookUp(inputs: SyncGateInputs, commit: string, runtime: LedgerRuntime): Promise<Standing> {
  const { repository, branch, gitAccess, folder, tree } = inputs;
  const location = { repository, branch, ...(gitAccess === undefined ? {} : { access: gitAccess }) };
  return withLedger(location, runtime, "Reading", async (git) => {
    const tip = await fetchTip(git, branch);
    if (tip === undefined || !tip.history.has(commit)) return "other";
    const folders = await readFolders(git, { ...tip, commit }, [folder]);
    if (folders[folder] === tree) return "same";
    const ancestry = ["merge-base", "--is-ancestor", inputs.commit, commit];
    return tip.history.has(inputs.commit) && (await tryGit(git, ancestry)).code === 0 ? "newer" : "other";
  });
}
