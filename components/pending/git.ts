import type { CommitChange, Relation } from "../guards";
import { Mistake } from "../mistake";
import { runBounded } from "../source/bounded";
import { cloneEnvironment, hasCommit, isShallow } from "../source/clone";

/** How long one look into the history may take, in seconds. */
const LOOK_SECONDS = 60;
/** How much of a history is read at once, in bytes. */
const MAX_BYTES = 256 * 1024 * 1024;

/** A commit as a function of `source.counts` sees it. */
export type CountedCommit = Omit<CommitChange, "kind">;

/** Which commits count. */
export interface CountedSource {
  /** The folder that the patterns begin at. */
  readonly root: string;
  /** Glob patterns. */
  readonly paths: readonly string[];
  /** A further choice among the commits that touched them. @default all of them */
  readonly counts?: ((commit: CountedCommit) => boolean) | undefined;
}

/** How `to` lies to `from`. Where a shallow clone has cut the history, it is `unknown`. */
export async function relationOf(root: string, from: string, to: string): Promise<Relation> {
  if (from === to) return "same";
  if (!hasCommit(root, from) || !hasCommit(root, to)) return "unknown";
  if (await isAncestor(root, from, to)) return "ahead";
  if (await isAncestor(root, to, from)) return "behind";
  return isShallow(root) ? "unknown" : "diverged";
}

async function isAncestor(root: string, ancestor: string, commit: string): Promise<boolean> {
  return (await git(root, [0, 1], ["merge-base", "--is-ancestor", ancestor, commit])).code === 0;
}

/**
 * The commits of `to`'s line of first parents that `from` does not have and that count, the newest first. None when
 * both have the same sources, as a change and its revert have: nothing would be delivered.
 */
export async function commitsBetween(
  source: CountedSource,
  from: string,
  to: string,
): Promise<CommitChange[]> {
  const { root, counts } = source;
  const paths = ["--", ...source.paths.map((path) => `:(glob)${path}`)];
  const { code } = await git(root, [0, 1], ["diff", "--quiet", "--no-ext-diff", from, to, ...paths]);
  if (code === 0) return [];
  const options = [
    "--first-parent",
    "--diff-merges=first-parent",
    "--no-renames",
    "--relative",
    "--name-only",
  ];
  const format = "--format=tformat:%x01%x01%H%x00%ct%x00%an%x00%s%x00";
  const { stdout } = await git(root, [0], ["log", ...options, "-z", format, `${from}..${to}`, ...paths]);
  return parseLog(stdout)
    .filter((commit) => counts === undefined || counts(commit))
    .map((commit) => ({ kind: "commit", ...commit }));
}

/** No subject can have a zero byte, so none can look like the begin of a commit. */
const COMMIT_START = /\x01\x01(?=[0-9a-f]{40}\0\d+\0)/;

function parseLog(text: string): CountedCommit[] {
  return text
    .split(COMMIT_START)
    .slice(1)
    .map((record) => {
      const [commit = "", seconds = "", author = "", subject = "", , ...paths] = record.split("\0");
      const files = paths.map((path) => path.replace(/^\n/, "")).filter((path) => path !== "");
      return { commit, subject, author, time: new Date(Number(seconds) * 1000), files };
    });
}

/** When a file was committed last; undefined when it is not, or not as it is. */
export async function committedAt(root: string, path: string): Promise<Date | undefined> {
  const { stdout: changed } = await git(root, [0], ["status", "--porcelain", "--", path]);
  if (changed !== "") return undefined;
  const { stdout } = await git(root, [0], ["log", "-1", "--format=%ct", "--", path]);
  return stdout.trim() === "" ? undefined : new Date(Number(stdout) * 1000);
}

/**
 * The commit that is checked out.
 *
 * @throws Mistake when there is none, or no repository.
 */
export async function headCommit(root: string): Promise<string> {
  const args = ["rev-parse", "--verify", "--quiet", "HEAD^{commit}"];
  const { code, stdout } = await git(root, [0, 1], args);
  if (code === 0) return stdout.trim();
  throw new Mistake(`Looking into the history of ${root}`, [
    "it has no commit yet; commit the application and its pipeline first",
  ]);
}

async function git(
  root: string,
  codes: readonly number[],
  args: readonly string[],
): Promise<{ readonly code: number; readonly stdout: string }> {
  const bounds = { cwd: root, env: cloneEnvironment(), seconds: LOOK_SECONDS, maxBytes: MAX_BYTES };
  const ended = await runBounded("git", ["-c", "core.fsmonitor=false", ...args], bounds);
  const { code, stdout, stderr, exceeded } = ended;
  if (code !== undefined && codes.includes(code)) return { code, stdout };
  const why = exceeded === undefined ? stderr.trim() : `it exceeded its ${exceeded}`;
  throw new Mistake(`Looking into the history of ${root}`, [
    `git ${args[0]} failed: ${why || `exit code ${code}`}; run it in the Git checkout of the application`,
  ]);
}
