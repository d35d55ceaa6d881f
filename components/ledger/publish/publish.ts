import { setTimeout as sleep } from "node:timers/promises";
import { shown } from "../../manifests";
import { throwIfAny } from "../../mistake";
import { LedgerError } from "../failure";
import type { Git } from "../git";
import type { LedgerRuntime, Publication, PublishArgs } from "./args";
import { checkPublish } from "./check";
import { commitTree } from "./commit";
import { inspect } from "./inspect";
import { descendsFrom, hasCommit, rewritten } from "./history";
import { jitter, patiently } from "./patience";
import { proposeCommit } from "./propose";
import { withLedger } from "./session";
import { fetchTip, pushCommit } from "./tip";
import type { Tip } from "./tip";
import { buildTree } from "./tree";
import type { BuiltTree, OwnedContent } from "./tree";

/** How often the branch may move under a publication before it gives up. */
export const MAX_RACES = 200;
const FIRST_RACE_WAIT_MS = 40;
const MAX_RACE_WAIT_MS = 2_000;

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
  fetched: boolean;
  readonly made: Set<string>;
}

/** Also for a removal of folders, when there is nothing but `retired`. */
export async function publishWith(session: Session): Promise<Publication> {
  const { prefixes, retired = [], files } = session.args;
  const content = { prefixes, retired, files };
  const progress: Progress = { tip: undefined, content, fetched: false, made: new Set() };
  for (let races = 0; races < MAX_RACES; races++) {
    const done = await patiently(session.runtime, () => attempt(session, progress));
    if (done !== undefined) return done;
    session.runtime.onStep?.("moved");
    await sleep(jitter(Math.min(MAX_RACE_WAIT_MS, FIRST_RACE_WAIT_MS * 2 ** Math.min(races, 10))));
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
    return publication(progress.made.has(tip.commit) ? "published" : "unchanged", tip.commit, built, tip);
  }
  if (tip !== undefined) await inspect(session, tip, built);
  // From here on the folders are known by their object ids, and need not be sent to Git again.
  progress.content = { ...progress.content, built: built.trees };
  const commit = await commitTree(git, args, { root: built.root, tip }, runtime);
  progress.made.add(commit);
  runtime.onStep?.("committed");
  return push(session, { commit, built, tip });
}

async function push(
  { git, args, runtime }: Session,
  {
    commit,
    built,
    tip,
  }: { readonly commit: string; readonly built: BuiltTree; readonly tip: Tip | undefined },
): Promise<Publication | undefined> {
  const pushed = await pushCommit(git, { commit, branch: args.branch, expected: tip?.commit ?? "" });
  if (pushed.kind === "moved") return undefined;
  if (pushed.kind === "done") {
    runtime.onStep?.("pushed");
    return publication("published", commit, built, { commit, tree: built.root });
  }
  if (args.pullRequest === undefined || tip === undefined) {
    throw new LedgerError("protected", [
      `the branch takes no push of these credentials: ${pushed.why}; allow them to push to it, or set "pullRequest"`,
    ]);
  }
  const proposed = await proposeCommit(git, args, { commit, root: built.root, tip }, runtime);
  runtime.onStep?.("proposed");
  return { ...publication("proposed", proposed.commit, built, tip), pullRequestUrl: proposed.pullRequestUrl };
}

function publication(
  result: Publication["result"],
  commit: string,
  { root, trees }: BuiltTree,
  head: Tip,
): Publication {
  return { result, commit, tree: root, trees, head: head.commit };
}

/** Fetches the branch's tip, which must descend from the one that was seen before. */
async function lookAt({ git, args }: Session, progress: Progress): Promise<Tip | undefined> {
  const { branch, known, allow = [] } = args;
  const before = progress.tip;
  const tip = await fetchTip(git, branch, before === undefined ? "--depth=1" : undefined);
  const mayRewrite = allow.includes("rewrite");
  const expected = before?.commit ?? (progress.fetched ? undefined : known?.head);
  if (expected !== undefined && !mayRewrite) {
    const descends =
      tip !== undefined &&
      (before === undefined
        ? await descendsFrom(git, branch, tip, expected)
        : await hasCommit(git, tip, expected));
    if (!descends) throw rewritten(branch, expected, tip);
  }
  progress.tip = tip;
  progress.fetched = true;
  return tip;
}
