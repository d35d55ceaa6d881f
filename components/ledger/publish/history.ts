import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { shown } from "../../manifests";
import { LedgerError } from "../failure";
import { repositoryFolder, runGit } from "../git";
import type { Git } from "../git";
import { fetchTip } from "./tip";
import type { Tip } from "./tip";
import { TRAILERS } from "./message";

/** How much history is fetched at once while something older is looked for; after these, all of it. */
const DEEPER = ["--deepen=50", "--deepen=200", "--deepen=1000", "--unshallow"];

/**
 * The tip with enough of its history to have an older commit; undefined when it does not descend from that.
 * It looks into what was fetched instead of naming the older one, which Git would try to fetch when it is missing.
 */
export async function tipAbove(git: Git, branch: string, tip: Tip, older: string): Promise<Tip | undefined> {
  return deepening(git, branch, tip, async (now) => (now.history.has(older) ? now : undefined));
}

/** Asks again with more and more history, until there is an answer or no more history. */
async function deepening<T>(
  git: Git,
  branch: string,
  tip: Tip,
  ask: (tip: Tip) => Promise<T | undefined>,
): Promise<T | undefined> {
  let now = tip;
  for (const depth of DEEPER) {
    const answer = await ask(now);
    if (answer !== undefined || isComplete(git)) return answer;
    now = (await fetchTip(git, branch, depth)) ?? now;
  }
  return ask(now);
}

/** The commits without their parents, because those were not fetched. */
function boundary(git: Git): ReadonlySet<string> {
  const file = join(repositoryFolder(git.workspace), "shallow");
  return new Set(
    existsSync(file)
      ? readFileSync(file, "latin1")
          .split("\n")
          .filter((line) => line !== "")
      : [],
  );
}

function isComplete(git: Git): boolean {
  return boundary(git).size === 0;
}

/** The last commit that changed something. */
export interface Change {
  readonly commit: string;
  readonly author: string;
  readonly subject: string;
  /** The stack that published it; undefined when it was none, as for an edit by hand. */
  readonly stack: string | undefined;
}

/** The last commit that changed one of the folders; undefined when none has. */
export async function lastChange(
  git: Git,
  branch: string,
  tip: Tip,
  prefixes: readonly string[],
): Promise<Change | undefined> {
  const format = `--format=%H%x00%an%x00%s%x00%(trailers:key=${TRAILERS.stack},valueonly,separator=%x00)`;
  return deepening(git, branch, tip, async () => {
    const said = await runGit(git, ["log", "-1", format, tip.commit, "--", ...prefixes]);
    const [commit = "", author = "", subject = "", ...stacks] = said.toString().trimEnd().split("\0");
    // Without its parents a commit seems to have made everything that it has.
    if (commit === "" || boundary(git).has(commit)) return undefined;
    return { commit, author, subject, stack: stacks.at(-1)?.trim() || undefined };
  });
}

/** What a branch should still have and does not. */
export function rewritten(branch: string, head: string, tip: Pick<Tip, "commit"> | undefined): LedgerError {
  const now = tip === undefined ? "is gone" : `is now at ${tip.commit}, which does not descend from it`;
  return new LedgerError("rewritten", [
    `branch ${shown(branch)} was at ${head} and ${now}: its history was rewritten, and with it the record of what ` +
      `was deployed. Bring the old history back, or publish onto the new one with allow: ["rewrite"]`,
  ]);
}
