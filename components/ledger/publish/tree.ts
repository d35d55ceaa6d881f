import { shown } from "../../manifests";
import { LedgerError } from "../failure";
import { runGit } from "../git";
import type { Git } from "../git";
import { withAncestors } from "../location";
import type { Tip } from "./tip";

/** A new root, and the folders in it that are ours. */
export interface BuiltTree {
  readonly root: string;
  readonly trees: Readonly<Record<string, string>>;
}

/** The content of the folders: as texts the first time, and by its object id once it was built. */
export interface OwnedContent {
  readonly prefixes: readonly string[];
  readonly retired: readonly string[];
  readonly files: ReadonlyMap<string, string>;
  readonly built?: Readonly<Record<string, string>>;
}

/** Nobody sees this reference or its commit: both stay in the temporary repository. */
const SCRATCH = "refs/delivery/scratch";

/**
 * Puts the folders into the tip's tree, in one process whatever the number of files. Every entry that is made has
 * mode 100644. Source: git-fast-import(1).
 */
export async function buildTree(git: Git, tip: Tip | undefined, content: OwnedContent): Promise<BuiltTree> {
  const input = Buffer.concat(streamOf(tip, content).map((part) => Buffer.from(part)));
  const said = await runGit(git, ["fast-import", "--quiet", "--force"], { input });
  const trees = new Map<string, string>();
  for (const line of said.toString().split("\n")) {
    const [, id, path] = /^040000 tree ([0-9a-f]{40})\t(.*)$/.exec(line) ?? [];
    if (id !== undefined && path !== undefined) trees.set(path, id);
  }
  const root = trees.get("");
  if (root === undefined)
    throw new LedgerError("other", ["git fast-import made no tree; is it git 2.32 or later?"]);
  trees.delete("");
  return { root, trees: Object.fromEntries(trees) };
}

function streamOf(tip: Tip | undefined, content: OwnedContent): string[] {
  const { prefixes, retired, files, built } = content;
  const head = ["feature done\n", `commit ${SCRATCH}\n`, "committer x <x> 0 +0000\n", "data 0\n"];
  const from = tip === undefined ? [] : [`from ${tip.commit}\n`];
  const removed = [...prefixes, ...retired].map((prefix) => `D ${prefix}\n`);
  const added =
    built === undefined
      ? [...files].flatMap(([path, text]) => [
          `M 100644 inline ${path}\ndata ${Buffer.byteLength(text)}\n`,
          text,
          "\n",
        ])
      : Object.entries(built).map(([prefix, id]) => `M 040000 ${id} ${prefix}\n`);
  const asked = ["", ...prefixes].map((path) => `ls "${path}"\n`);
  return [...head, ...from, ...removed, ...added, ...asked, "\ndone\n"];
}

/**
 * Object ids of the folders as they are at the tip.
 *
 * @throws LedgerError when one of them, or a folder above it, is no folder there: a link could lead elsewhere.
 */
export async function readFolders(
  git: Git,
  tip: Tip,
  prefixes: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const asked = [...new Set(prefixes.flatMap(withAncestors))];
  const said = await runGit(git, ["ls-tree", "-z", "-t", "--full-tree", tip.commit, "--", ...asked]);
  const entries = said
    .toString()
    .split("\0")
    .filter((entry) => entry !== "")
    .map(parseEntry);
  const wrong = entries.filter(({ path, type }) => asked.includes(path) && type !== "tree");
  if (wrong.length === 0) {
    const own = entries.filter(({ path }) => prefixes.includes(path));
    return Object.fromEntries(own.map(({ path, id }) => [path, id]));
  }
  const problems = wrong.map(
    ({ path, type }) => `${shown(path)} is a ${type}, not a folder, on the branch; remove it there`,
  );
  throw new LedgerError("foreign", problems);
}

/** Paths of the files in the folders at the tip. */
export async function listOwned(git: Git, tip: Tip, prefixes: readonly string[]): Promise<string[]> {
  const args = ["ls-tree", "-r", "-z", "--full-tree", "--name-only", tip.commit, "--", ...prefixes];
  return prefixes.length === 0
    ? []
    : (await runGit(git, args))
        .toString()
        .split("\0")
        .filter((path) => path !== "");
}

function parseEntry(entry: string): { readonly type: string; readonly id: string; readonly path: string } {
  const [, type = "", id = "", path = ""] = /^\d+ (\w+) ([0-9a-f]+)\t([\s\S]*)$/.exec(entry) ?? [];
  return { type, id, path };
}
