import { ZERO_SHA } from "../names.ts";
import { changedPaths, readBranch, writeBlob, writeCommit, writeTree } from "../plumbing/index.ts";
import type { Person } from "../plumbing/index.ts";
import type { Actor } from "../policy/index.ts";
import { unprocessable } from "../refusals.ts";
import type { Repository } from "../state/index.ts";
import type { World } from "../world.ts";
import { changeRef } from "./ref-changes.ts";

export interface FileChange {
  readonly branch: string;
  readonly path: string;
  /** Null to remove the file. */
  readonly content: Buffer | null;
  readonly message: string;
  readonly author: Person;
  readonly committer: Person;
  readonly actor: Actor;
}

/** Makes one commit on a branch that changes one file; a branch of an empty repository begins with it. */
export async function writeFile(world: World, repository: Repository, change: FileChange): Promise<string> {
  const parent = await readBranch(repository.dir, change.branch);
  const tree = await treeWith(repository, parent, change);
  const sha = await writeCommit(repository.dir, {
    tree,
    parents: parent === undefined ? [] : [parent],
    message: change.message,
    author: change.author,
    committer: change.committer,
  });
  const ref = `refs/heads/${change.branch}`;
  const move = {
    ref,
    before: parent ?? ZERO_SHA,
    after: sha,
    actor: change.actor,
    refusedWith: 409,
  } as const;
  await changeRef(world, repository, move);
  return sha;
}

async function treeWith(
  repository: Repository,
  parent: string | undefined,
  { path, content }: FileChange,
): Promise<string> {
  const blob = content === null ? null : await writeBlob(repository.dir, content);
  const tree = await writeTree(repository.dir, parent, [{ path, blob }]).catch(() => undefined);
  // Git puts a file in the place of a folder, and a folder in that of a file, without a word.
  const changed = parent && tree ? await changedPaths(repository.dir, parent, tree) : [path];
  if (tree !== undefined && changed.every((name) => name === path)) return tree;
  throw unprocessable(`${path} cannot be in this tree: it is malformed, or in the way of another path.`);
}
