import { setTimeout as sleep } from "node:timers/promises";
import { shown } from "../../manifests";
import { throwIfAny } from "../../mistake";
import { LedgerError } from "../failure";
import type { Git } from "../git";
import type { LedgerRuntime, Publication, PublishArgs } from "./args";
import { checkPublish } from "./check";
import { commitTree } from "./commit";
import { rewritten, tipAbove } from "./history";
import { NOT_INSPECTED, inspect } from "./inspect";
import type { Inspected } from "./inspect";
import { jitter, patiently } from "./patience";
import { proposeCommit } from "./propose";
import { withLedger } from "./session";
import { fetchTip, pushCommit } from "./tip";
import type { Tip } from "./tip";
import { buildTree } from "./tree";
import type { BuiltTree, OwnedContent } from "./tree";

/** How often the branch may move under a publication before it gives up. */
export const MAX_RACES = 200;
const MAX_RACE_WAIT_MS = 15_000;
/** How often a server may say that the branch has moved when it has not. */
const MAX_STUCK = 3;

/**
 * Publishes the content of folders of a branch as one commit, or as none when the branch has it already. What is
 * outside of the folders stays as it is, whoever else publishes at the same time. Nothing is ever overwritten: when
 * the branch moved, the commit is made again on top of the new head.
 *
 * @throws Mistake with every problem of the arguments, before anything is sent.
 * @throws LedgerError when the server or the branch does not allow it; the branch is then as it was.
 */
export async function publish(args: PublishArgs, runtime: LedgerRuntime = {}): Promise<Publication> {
  throwIfAny(`Publication to ${shown(args.branch)}`, checkPublish(args));
  return withLedger(args, runtime, "Publishing to", (git) => publishWith({ git, args, runtime }));
}

/** One publication under way. */
export interface Session {
  readonly git: Git;
  readonly args: PublishArgs;
  readonly runtime: LedgerRuntime;
}

/** What an attempt leaves for the next one. */
interface Progress {
  tip: Tip | undefined;
  content: OwnedContent;
  /** Whether the branch was looked at. */
  fetched: boolean;
  inspected: Inspected;
  /** Heads at which the server refused the push because of another head. */
  readonly lostAt: string[];
  readonly made: Set<string>;
}

/** Also for a removal of folders, when there is nothing but `retired`. */
export async function publishWith(session: Session): Promise<Publication> {
  const { prefixes, retired = [], files } = session.args;
  const content = { prefixes, retired, files };
  const progress: Progress = {
    tip: undefined,
    content,
    fetched: false,
    inspected: NOT_INSPECTED,
    lostAt: [],
    made: new Set(),
  };
  for (let races = 1; races <= MAX_RACES; races++) {
    const began = performance.now();
    const done = await patiently(session.runtime, () => attempt(session, progress));
    if (done !== undefined) return done;
    session.runtime.onStep?.("moved");
    // Everybody who lost waits for about as long as those who are left will take.
    const round = performance.now() - began;
    await sleep(jitter(Math.min(MAX_RACE_WAIT_MS, round * 2 ** Math.min(races - 1, 4))));
  }
  throw new LedgerError("contended", [
    `others were faster ${MAX_RACES} times; run it again when they are done`,
  ]);
}

/** There is nothing to remove from a branch that is not there. */
const NOTHING: Publication = { result: "unchanged", commit: "", tree: "", trees: {}, head: "" };

/** Undefined when somebody else was faster. Beginning with a look at the branch, it can be done again at any time. */
async function attempt(session: Session, progress: Progress): Promise<Publication | undefined> {
  const { git, args, runtime } = session;
  const tip = await lookAt(session, progress);
  runtime.onStep?.("fetched");
  if (tip === undefined && progress.content.files.size === 0) return NOTHING;
  const built = await buildTree(git, tip, progress.content);
  runtime.onStep?.("built");
  if (tip?.tree === built.root) {
    return publication(
      progress.made.has(tip.commit) ? "published" : "unchanged",
      tip.commit,
      built,
      tip.commit,
    );
  }
  if (tip !== undefined) progress.inspected = await inspect(session, tip, built, progress.inspected);
  // From here on the folders are known by their object ids, and need not be sent to Git again.
  progress.content = { ...progress.content, built: built.trees };
  const commit = await commitTree(git, args, { root: built.root, tip }, runtime);
  progress.made.add(commit);
  runtime.onStep?.("committed");
  return push(session, progress, { commit, built });
}

async function push(
  { git, args, runtime }: Session,
  { tip, lostAt }: Progress,
  { commit, built }: { readonly commit: string; readonly built: BuiltTree },
): Promise<Publication | undefined> {
  const expected = tip?.commit ?? "";
  const pushed = await pushCommit(git, { commit, branch: args.branch, expected });
  if (pushed.kind === "moved") {
    lostAt.push(expected);
    if (lostAt.filter((head) => head === expected).length < MAX_STUCK) return undefined;
    throw new LedgerError("other", [`the server refused the push ${MAX_STUCK} times: ${pushed.why}`]);
  }
  if (pushed.kind === "done") {
    runtime.onStep?.("pushed");
    return publication("published", commit, built, commit);
  }
  if (args.pullRequest === undefined || tip === undefined) {
    throw new LedgerError("protected", [
      `the branch takes no push of these credentials: ${pushed.why}; allow them to push to it, or set "pullRequest"`,
    ]);
  }
  const proposed = await proposeCommit(git, args, { commit, root: built.root, tip }, runtime);
  runtime.onStep?.("proposed");
  const { pullRequestUrl } = proposed;
  return { ...publication("proposed", proposed.commit, built, tip.commit), pullRequestUrl };
}

function publication(
  result: Publication["result"],
  commit: string,
  { root, trees }: BuiltTree,
  head: string,
): Publication {
  return { result, commit, tree: root, trees, head };
}

/** Fetches the branch's tip, which must descend from the one that was seen before. */
async function lookAt({ git, args }: Session, progress: Progress): Promise<Tip | undefined> {
  const { branch, known, allow = [] } = args;
  const before = progress.tip;
  const tip = await fetchTip(git, branch, before === undefined ? "--depth=1" : undefined);
  const expected = before?.commit ?? (progress.fetched ? undefined : known?.head);
  const same = before !== undefined && before.commit === tip?.commit;
  const checked = same || expected === undefined || allow.includes("rewrite");
  const above = checked || tip === undefined ? tip : await tipAbove(git, branch, tip, expected);
  if (!checked && above === undefined) throw rewritten(branch, expected, tip);
  progress.tip = above;
  progress.fetched = true;
  return above;
}
