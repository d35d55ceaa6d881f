import { lstatSync, readdirSync } from "node:fs";
import { join, posix } from "node:path";
import type { IgnoreRule } from "./ignore-file";
import type { Matched } from "./ignore";
import { judge, mayKeepBelow } from "./ignore";
import { linkProblem } from "./links";

/** What of a file reaches the image beside its bytes: Git keeps no more of a mode than this either. */
export type FileKind = "file" | "executable" | "link";

/** A file that is sent to the builder. Folders are made by the files in them; empty ones are not counted. */
export interface ContextFile {
  /** From the context's root, with forward slashes. */
  readonly path: string;
  readonly kind: FileKind;
  /** How long it was when it was listed. It is no part of what an image is made of. */
  readonly bytes: number;
}

export interface FileList {
  /** Sorted by the bytes of their paths, which is the same order on any machine. */
  readonly files: readonly ContextFile[];
  readonly problems: readonly string[];
}

export interface ListOptions {
  readonly rules: readonly IgnoreRule[];
  /** Paths that are sent even when a rule ignores them. */
  readonly always: readonly string[];
}

/** Lists what a builder gets of a context. It reads no file's bytes. */
export function listFiles(root: string, { rules, always }: ListOptions): FileList {
  const problems: string[] = [];
  const paths = new Set([...walk({ root, rules, problems }, { path: "", matched: [] }), ...always]);
  const inspected = [...paths].sort(byBytes).map((path) => inspect(root, path));
  problems.push(...inspected.filter((file) => typeof file === "string"));
  return { files: inspected.filter((file) => typeof file !== "string"), problems };
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

interface Tree {
  readonly root: string;
  readonly rules: readonly IgnoreRule[];
  readonly problems: string[];
}

interface Folder {
  readonly path: string;
  readonly matched: Matched;
}

interface Entry extends Folder {
  readonly ignored: boolean;
  readonly isFolder: boolean;
}

/** Everything below a folder that is no folder itself and that no rule ignores. */
function walk(tree: Tree, folder: Folder): string[] {
  return readFolder(tree, folder).flatMap(({ path, matched, ignored, isFolder }) => {
    if (!isFolder) return ignored ? [] : [path];
    return ignored && !mayKeepBelow(tree.rules, path) ? [] : walk(tree, { path, matched });
  });
}

function readFolder({ root, rules, problems }: Tree, folder: Folder): Entry[] {
  try {
    return readdirSync(join(root, folder.path), { withFileTypes: true }).map((entry) => {
      const path = posix.join(folder.path, entry.name);
      return { path, isFolder: entry.isDirectory(), ...judge(rules, path, folder.matched) };
    });
  } catch (error) {
    problems.push(`${JSON.stringify(folder.path)} cannot be read: ${(error as Error).message}`);
    return [];
  }
}

const OWNER_EXECUTES = 0o100;

/** The file, or what is wrong with it. */
function inspect(root: string, path: string): ContextFile | string {
  if (path.includes("\ufffd")) return `${JSON.stringify(path)} has a name that is not UTF-8; rename it`;
  const stat = lstatSync(join(root, path));
  if (stat.isSymbolicLink()) return linkProblem(root, path) ?? { path, kind: "link", bytes: stat.size };
  if (!stat.isFile()) {
    return `${JSON.stringify(path)} is a socket, pipe or device; remove it, or list it in .dockerignore`;
  }
  return { path, kind: (stat.mode & OWNER_EXECUTES) === 0 ? "file" : "executable", bytes: stat.size };
}
