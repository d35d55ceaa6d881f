import type { Git } from "../git";
import type { LedgerRuntime } from "../publish/args";
import { lastChange } from "../publish/history";
import { patiently } from "../publish/patience";
import { withLedger } from "../publish/session";
import { fetchAll, fetchTip } from "../publish/tip";
import type { Tip } from "../publish/tip";
import { readFolders } from "../publish/tree";
import { readFiles } from "../read/content";
import { settingsOf } from "./inputs";
import type { GitCommitInputs, GitCommitOutputs } from "./inputs";

/** What a refresh found. */
export interface Refreshed {
  readonly outs: GitCommitOutputs;
  /** Only where the branch differs: what it has. */
  readonly inputs?: GitCommitInputs;
}

/** A fingerprint that no inputs have: the next update publishes again. */
const DRIFTED = "drifted";

/**
 * Compares the folders on the branch with what was published. Other folders and other commits are none of its
 * business. The head that was seen stays, so that rewritten history is not taken for granted after a refresh.
 */
export async function refresh(outs: GitCommitOutputs, runtime: LedgerRuntime): Promise<Refreshed> {
  return withLedger(outs, runtime, "Reading", async (git) => {
    const tip = await patiently(runtime, () => fetchTip(git, outs.branch, "--depth=1"));
    const present = tip === undefined ? {} : await readFolders(git, tip, outs.prefixes);
    const differing = outs.prefixes.filter((prefix) => present[prefix] !== outs.trees[prefix]);
    if (differing.length === 0) return { outs: settled(outs, tip) };
    // A proposal that waits for its merge is no drift.
    if (outs.result === "proposed") return { outs };
    const drift = await driftOf(git, outs, tip, differing);
    const files = tip === undefined ? new Map<string, string>() : await filesOf(outs, runtime);
    return {
      outs: { ...outs, fingerprint: DRIFTED, drift },
      inputs: { ...settingsOf(outs), files: Object.fromEntries(files) },
    };
  });
}

/** A proposal that has been merged is published. */
function settled(outs: GitCommitOutputs, tip: Tip | undefined): GitCommitOutputs {
  const { commit, tree, trees, head, result, pullRequestUrl, fingerprint } = outs;
  if (result === "proposed" && tip !== undefined) {
    const merged = { commit: tip.commit, tree: tip.tree, head: tip.commit };
    return { ...settingsOf(outs), ...merged, trees, result: "published", fingerprint };
  }
  const url = pullRequestUrl === undefined ? {} : { pullRequestUrl };
  return { ...settingsOf(outs), commit, tree, trees, head, result, ...url, fingerprint };
}

async function driftOf(
  git: Git,
  { branch }: GitCommitOutputs,
  tip: Tip | undefined,
  prefixes: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  if (tip === undefined) return Object.fromEntries(prefixes.map((prefix) => [prefix, "the branch is gone"]));
  const changes: [string, string][] = [];
  for (const prefix of prefixes) {
    const change = await lastChange(git, branch, tip, [prefix]);
    changes.push([
      prefix,
      change === undefined ? "changed" : `changed by ${change.author} in ${change.commit}: ${change.subject}`,
    ]);
  }
  return Object.fromEntries(changes);
}

/** In a repository of its own: the other one was fetched without the files. */
async function filesOf(outs: GitCommitOutputs, runtime: LedgerRuntime): Promise<ReadonlyMap<string, string>> {
  return withLedger(outs, runtime, "Reading", async (git) => {
    const tip = await patiently(runtime, () => fetchAll(git, outs.branch, "--depth=1"));
    return tip === undefined ? new Map<string, string>() : readFiles(git, tip.commit, outs.prefixes);
  });
}
