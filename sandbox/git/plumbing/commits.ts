import { isSha } from "../names.ts";
import { git, gitLine, tryGit } from "./git.ts";

export interface Person {
  readonly name: string;
  readonly email: string;
}

export interface Signature extends Person {
  /** RFC 3339. */
  readonly date: string;
}

export interface Commit {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
}

export interface ChangedFile {
  readonly filename: string;
  readonly status: "added" | "removed" | "modified";
}

export interface NewCommit {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
  readonly author: Person;
  readonly committer: Person;
}

/** Two separators that no name, address or message has: unit and record separator of ASCII. */
const FIELD = "\x1f";
const RECORD = "\x1e";
const FORMAT = ["%H", "%T", "%P", "%an", "%ae", "%aI", "%cn", "%ce", "%cI", "%B"].join("%x1f") + "%x1e";

/** Reads the commits of these ids, in this order. */
export async function readCommits(dir: string, shas: readonly string[]): Promise<Commit[]> {
  if (shas.length === 0) return [];
  const args = ["log", "--no-walk=unsorted", `--format=${FORMAT}`, "--stdin"];
  const text = (await git(dir, args, { input: `${shas.join("\n")}\n` })).toString("utf8");
  return text
    .split(RECORD)
    .filter((record) => record.trim() !== "")
    .map(parseCommit);
}

export async function readCommit(dir: string, sha: string): Promise<Commit | undefined> {
  if (!isSha(sha) || (await gitLine(dir, ["cat-file", "-t", sha])) !== "commit") return undefined;
  return (await readCommits(dir, [sha]))[0];
}

function parseCommit(record: string): Commit {
  const [sha, tree, parents, an, ae, ad, cn, ce, cd, message] = record.trimStart().split(FIELD) as [
    string,
    ...string[],
  ];
  return {
    sha,
    tree: tree ?? "",
    parents: (parents ?? "").split(" ").filter((parent) => parent !== ""),
    author: { name: an ?? "", email: ae ?? "", date: ad ?? "" },
    committer: { name: cn ?? "", email: ce ?? "", date: cd ?? "" },
    message: (message ?? "").trimEnd(),
  };
}

/** Ids of the commits reachable from `from` and not from `without`, newest first, optionally only those that touched a path. */
export async function listCommits(
  dir: string,
  from: string,
  { without, path, limit }: { without?: string; path?: string; limit?: number } = {},
): Promise<string[]> {
  const range = without === undefined ? [from] : [from, `^${without}`];
  const count = limit === undefined ? [] : [`--max-count=${limit}`];
  const paths = path === undefined || path === "" ? [] : [`:(literal,top)${path}`];
  const { code, stdout } = await tryGit(dir, ["rev-list", ...count, ...range, "--", ...paths]);
  if (code !== 0) return [];
  return stdout
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "");
}

const STATUS: Readonly<Record<string, ChangedFile["status"]>> = { A: "added", D: "removed" };

/** The files in which a commit differs from its first parent. */
export async function changedFiles(dir: string, commit: Commit): Promise<ChangedFile[]> {
  const parent = commit.parents[0];
  const trees = parent === undefined ? ["--root", commit.sha] : [parent, commit.sha];
  const args = ["diff-tree", "-r", "-z", "--no-commit-id", "--name-status", "--no-renames", ...trees];
  const parts = (await git(dir, args)).toString("utf8").split("\0");
  const files: ChangedFile[] = [];
  for (let at = 0; at + 1 < parts.length; at += 2) {
    files.push({ status: STATUS[parts[at] ?? ""] ?? "modified", filename: parts[at + 1] ?? "" });
  }
  return files;
}

/** Writes a commit object; no reference moves. */
export async function writeCommit(dir: string, commit: NewCommit): Promise<string> {
  const parents = commit.parents.flatMap((parent) => ["-p", parent]);
  const env = {
    GIT_AUTHOR_NAME: commit.author.name,
    GIT_AUTHOR_EMAIL: commit.author.email,
    GIT_COMMITTER_NAME: commit.committer.name,
    GIT_COMMITTER_EMAIL: commit.committer.email,
  };
  const sha = await git(dir, ["commit-tree", commit.tree, ...parents], { input: commit.message, env });
  return sha.toString("utf8").trim();
}
