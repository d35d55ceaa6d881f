import { ZERO_SHA, isBranchName, isSha } from "../names.ts";
import { git, gitLine, tryGit } from "./git.ts";

export interface Ref {
  readonly ref: string;
  readonly sha: string;
  readonly type: string;
}

/** What a full reference name points to. */
export async function readRef(dir: string, ref: string): Promise<string | undefined> {
  return gitLine(dir, ["rev-parse", "--verify", "--quiet", "--end-of-options", ref]);
}

export async function readBranch(dir: string, branch: string): Promise<string | undefined> {
  return isBranchName(branch) ? readRef(dir, `refs/heads/${branch}`) : undefined;
}

/** Every reference whose name begins with the prefix, sorted by name. */
export async function listRefs(dir: string, prefix: string): Promise<Ref[]> {
  const format = "--format=%(objectname) %(objecttype) %(refname)";
  const all = (await git(dir, ["for-each-ref", format])).toString("utf8").split("\n");
  return all
    .filter((line) => line !== "")
    .map(parseRef)
    .filter(({ ref }) => ref.startsWith(prefix));
}

function parseRef(line: string): Ref {
  const [sha = "", type = "", ...name] = line.split(" ");
  return { sha, type, ref: name.join(" ") };
}

/** The commit that a branch, a tag or a full commit id names, in this order as on GitHub. */
export async function resolveCommit(dir: string, name: string): Promise<string | undefined> {
  const plain = name.replace(/^refs\//, "").replace(/^(?:heads|tags)\//, "");
  const wanted = isBranchName(plain) ? [`refs/heads/${plain}`, `refs/tags/${plain}`] : [];
  for (const candidate of isSha(name) ? [...wanted, name] : wanted) {
    const sha = await readRef(dir, `${candidate}^{commit}`);
    if (sha !== undefined) return sha;
  }
  return undefined;
}

/** The type of an object, such as "commit"; undefined when there is none. */
export async function typeOf(dir: string, sha: string): Promise<string | undefined> {
  return isSha(sha) ? gitLine(dir, ["cat-file", "-t", sha]) : undefined;
}

/**
 * Moves a reference if it still is where the caller saw it.
 *
 * @param before {@link ZERO_SHA} for one that must not exist yet
 * @param after {@link ZERO_SHA} to delete it
 * @returns false when somebody else moved it meanwhile
 */
export async function moveRef(dir: string, ref: string, before: string, after: string): Promise<boolean> {
  const args = after === ZERO_SHA ? ["update-ref", "-d", ref, before] : ["update-ref", ref, after, before];
  return (await tryGit(dir, args)).code === 0;
}

/** Whether `ancestor` is reachable from `descendant`: if not, moving from one to the other loses commits. */
export async function isAncestor(dir: string, ancestor: string, descendant: string): Promise<boolean> {
  return (await tryGit(dir, ["merge-base", "--is-ancestor", ancestor, descendant])).code === 0;
}
