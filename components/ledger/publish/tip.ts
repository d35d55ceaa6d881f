import { LedgerError } from "../failure";
import { explain, runGit, tryGit, writeSettings } from "../git";
import type { Git } from "../git";

/** A branch's newest commit. */
export interface Tip {
  readonly commit: string;
  readonly tree: string;
  /** As much of its history as was fetched, itself included. */
  readonly history: ReadonlySet<string>;
}

const fullName = (branch: string): string => `refs/heads/${branch}`;
const localName = (branch: string): string => `refs/remotes/origin/${branch}`;

/**
 * Fetches a branch; undefined when there is no such branch, as in an empty repository. With `--depth=1` only the
 * newest commit comes, without it what is new since. The content of files is left out where the server can do that.
 */
export async function fetchTip(git: Git, branch: string, depth?: string): Promise<Tip | undefined> {
  return fetch(git, branch, ["--filter=blob:none", ...(depth === undefined ? [] : [depth])]);
}

/** Fetches a branch with its whole history and every file, or with the files of its newest commit only. */
export async function fetchAll(git: Git, branch: string, depth?: string): Promise<Tip | undefined> {
  return fetch(git, branch, depth === undefined ? [] : [depth]);
}

async function fetch(git: Git, branch: string, extent: readonly string[]): Promise<Tip | undefined> {
  const options = ["--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", ...extent];
  const refspec = `+${fullName(branch)}:${localName(branch)}`;
  const result = await tryGit(git, ["fetch", ...options, "--", "origin", refspec]);
  // Git has noted the filter in its settings, and would fetch what was left out for deltas that nobody needs.
  writeSettings(git.workspace, git.address);
  if (result.code !== 0 && /couldn't find remote ref/.test(result.stderr)) return undefined;
  if (result.code !== 0) throw explain(result, git.credential);
  return readTip(git, localName(branch));
}

async function readTip(git: Git, revision: string): Promise<Tip> {
  const said = await runGit(git, ["log", "--format=%H %T", revision, "--"]);
  const lines = said.toString("latin1").trim().split("\n");
  const [commit = "", tree = ""] = lines[0]?.split(" ") ?? [];
  return { commit, tree, history: new Set(lines.map((line) => line.slice(0, commit.length))) };
}

/** What came of a push. */
export type Pushed =
  | { readonly kind: "done" }
  /** Somebody else was faster. */
  | { readonly kind: "moved"; readonly why: string }
  /** The server has a rule against it. */
  | { readonly kind: "protected"; readonly why: string };

export interface PushArgs {
  readonly commit: string;
  readonly branch: string;
  /** The head that the branch must still have; empty when it must not exist. */
  readonly expected: string;
}

const MOVED =
  /stale info|fetch first|non-fast-forward|failed to update ref|cannot lock ref|incorrect old value|already exists|remote ref updated/;
const PROTECTED =
  /protected branch|hook declined|repository rule violations|GH006|GH013|not allowed to push|prohibited/i;

/**
 * Moves a branch to a commit, if its head is the expected one. The commit descends from that head, so nothing is
 * ever overwritten; the server itself compares again when it takes the push.
 */
export async function pushCommit(git: Git, { commit, branch, expected }: PushArgs): Promise<Pushed> {
  const ref = fullName(branch);
  const lease = `--force-with-lease=${ref}:${expected}`;
  const args = [
    "push",
    "--porcelain",
    "--no-verify",
    "--no-signed",
    lease,
    "--",
    "origin",
    `${commit}:${ref}`,
  ];
  const result = await tryGit(git, args);
  if (result.code === 0) return { kind: "done" };
  const refused = /^!\t[^\t]*\t(.*)$/m.exec(result.stdout.toString())?.[1];
  if (refused === undefined) throw explain(result, git.credential);
  const why = remoteWords(result.stderr) || refused;
  if (MOVED.test(refused)) return { kind: "moved", why };
  if (PROTECTED.test(refused) || PROTECTED.test(result.stderr)) return { kind: "protected", why };
  throw new LedgerError("other", [
    `the server refused the push: ${refused} ${remoteWords(result.stderr)}`.trim(),
  ]);
}

/** What the server's own checks said. */
function remoteWords(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => line.startsWith("remote:"));
  const words = lines.map((line) => line.replace(/^remote:\s*(?:error:\s*)?/, "").trim());
  return words
    .filter((word) => word !== "")
    .join(" ")
    .slice(0, 400);
}
