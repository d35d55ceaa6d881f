import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { git, tryGit } from "./git.ts";

export interface Entry {
  readonly mode: string;
  readonly type: "blob" | "tree" | "commit";
  readonly sha: string;
  /** Bytes of a blob; 0 for the others. */
  readonly size: number;
  /** From the root of the tree. */
  readonly path: string;
}

/** A file to write, or to remove when `blob` is null. */
export interface Edit {
  readonly path: string;
  readonly blob: string | null;
}

/** What is at a path of a commit; undefined when nothing is. */
export async function readEntry(dir: string, commit: string, path: string): Promise<Entry | undefined> {
  return (await listTree(dir, [commit, "--", path]))[0];
}

/** What is inside a folder of a commit; the empty path is its root. */
export async function readFolder(dir: string, commit: string, path: string): Promise<Entry[]> {
  return path === "" ? listTree(dir, [commit]) : listTree(dir, [commit, "--", `${path}/`]);
}

/** Every entry of a tree or commit, with folders' contents when `recursive`. */
export async function readTree(dir: string, treeish: string, recursive: boolean): Promise<Entry[]> {
  return listTree(dir, recursive ? ["-r", "-t", treeish] : [treeish]);
}

async function listTree(dir: string, args: readonly string[]): Promise<Entry[]> {
  const { code, stdout } = await tryGit(dir, ["ls-tree", "-z", "--long", "--full-tree", ...args]);
  if (code !== 0) return [];
  return stdout
    .toString("utf8")
    .split("\0")
    .filter((line) => line !== "")
    .map(parseEntry);
}

function parseEntry(line: string): Entry {
  const tab = line.indexOf("\t");
  const [mode = "", type = "", sha = "", size = ""] = line.slice(0, tab).split(/ +/);
  return { mode, type: type as Entry["type"], sha, size: Number(size) || 0, path: line.slice(tab + 1) };
}

export async function readBlob(dir: string, sha: string): Promise<Buffer> {
  return git(dir, ["cat-file", "blob", sha]);
}

export async function writeBlob(dir: string, content: Buffer): Promise<string> {
  return (await git(dir, ["hash-object", "-w", "--stdin"], { input: content })).toString("utf8").trim();
}

/** Writes the tree of a commit (or the empty one) with these edits; no reference moves. */
export async function writeTree(
  dir: string,
  base: string | undefined,
  edits: readonly Edit[],
): Promise<string> {
  const index = join(dir, `sandbox-index-${randomUUID()}`);
  const env = { GIT_INDEX_FILE: index };
  const lines = edits.map(({ path, blob }) => {
    const [mode, sha] = blob === null ? ["0", "0".repeat(40)] : ["100644", blob];
    return `${mode} ${sha}\t${path}\0`;
  });
  try {
    if (base !== undefined) await git(dir, ["read-tree", base], { env });
    await git(dir, ["update-index", "--add", "-z", "--index-info"], { env, input: lines.join("") });
    return (await git(dir, ["write-tree"], { env })).toString("utf8").trim();
  } finally {
    await rm(index, { force: true });
  }
}

/** The paths of all files in which two commits or trees differ. */
export async function changedPaths(dir: string, one: string, other: string): Promise<string[]> {
  const names = await git(dir, ["diff-tree", "-r", "-z", "--name-only", "--no-renames", one, other]);
  return names
    .toString("utf8")
    .split("\0")
    .filter((name) => name !== "");
}

export type MergeResult = { readonly tree: string } | { readonly conflicts: readonly string[] };

/** Merges two commits without a work tree; needs Git 2.38 (git-merge-tree(1)). */
export async function mergeTrees(dir: string, ours: string, theirs: string): Promise<MergeResult> {
  const args = ["merge-tree", "--write-tree", "--name-only", "-z", "--no-messages", ours, theirs];
  const { code, stdout, stderr } = await tryGit(dir, args);
  const [tree = "", ...names] = stdout.toString("utf8").split("\0");
  if (code === 0) return { tree };
  if (code === 1) return { conflicts: names.filter((name) => name !== "") };
  throw new Error(`git merge-tree in ${dir} ended with code ${code}: ${stderr.trim()}`);
}
