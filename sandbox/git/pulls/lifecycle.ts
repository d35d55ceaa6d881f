import { ZERO_SHA } from "../names.ts";
import { git, isAncestor, readBranch } from "../plumbing/index.ts";
import { Refusal, invalid } from "../refusals.ts";
import { readList, timestamp } from "../state/index.ts";
import type { Pull, Repository } from "../state/index.ts";
import type { Push, World } from "../world.ts";
import { keepMerge } from "./merge.ts";
import { emitPull, savePull } from "./store.ts";

export type NewPull = Pick<
  Pull,
  "title" | "body" | "head_ref" | "base_ref" | "draft" | "maintainer_can_modify" | "user"
>;

/** @throws Refusal (422) when a branch is missing, there is nothing to merge, or the pull request exists. */
export async function openPull(world: World, repository: Repository, wanted: NewPull): Promise<Pull> {
  const head_sha = await branchTip(repository, "head", wanted.head_ref);
  const base_sha = await branchTip(repository, "base", wanted.base_ref);
  if (await isAncestor(repository.dir, head_sha, base_sha)) {
    throw refused(`No commits between ${wanted.base_ref} and ${wanted.head_ref}`);
  }
  const pulls = readList(repository.dir, "pulls");
  const same = ({ state, head_ref, base_ref }: Pull): boolean =>
    state === "open" && head_ref === wanted.head_ref && base_ref === wanted.base_ref;
  if (pulls.some(same)) {
    throw refused(`A pull request already exists for ${repository.owner}:${wanted.head_ref}.`);
  }
  const number = Math.max(0, ...pulls.map((pull) => pull.number)) + 1;
  const pull = savePull(repository, {
    ...wanted,
    ...fresh(),
    id: world.ids.next(),
    number,
    head_sha,
    base_sha,
  });
  await pointHead(repository, pull);
  emitPull(world, repository, { pull, action: "opened", sender: wanted.user });
  return pull;
}

type Fresh =
  "state" | "created_at" | "updated_at" | "closed_at" | "merged_at" | "merged_by" | "merge_commit_sha";

function fresh(): Pick<Pull, Fresh> {
  const now = timestamp();
  const unmerged = { closed_at: null, merged_at: null, merged_by: null, merge_commit_sha: null };
  return { state: "open", created_at: now, updated_at: now, ...unmerged };
}

const refused = (message: string): Refusal =>
  new Refusal(422, "Validation Failed", [{ resource: "PullRequest", field: "", code: "custom", message }]);

async function branchTip(repository: Repository, side: string, branch: string): Promise<string> {
  const sha = await readBranch(repository.dir, branch);
  if (sha === undefined) throw invalid("PullRequest", side, `There is no branch ${branch}`);
  return sha;
}

/** `refs/pull/N/head`, by which clients fetch a pull request. */
async function pointHead(repository: Repository, pull: Pull): Promise<void> {
  await git(repository.dir, ["update-ref", `refs/pull/${pull.number}/head`, pull.head_sha]);
}

export function closePull(world: World, repository: Repository, pull: Pull, sender: string): Pull {
  const now = timestamp();
  const closed = savePull(repository, { ...pull, state: "closed", closed_at: now, updated_at: now });
  emitPull(world, repository, { pull: closed, action: "closed", sender });
  return closed;
}

export async function reopenPull(
  world: World,
  repository: Repository,
  pull: Pull,
  sender: string,
): Promise<Pull> {
  if (pull.merged_at !== null) throw refused("A merged pull request cannot be reopened.");
  const head_sha = await branchTip(repository, "head", pull.head_ref);
  const reopened = { ...pull, head_sha, state: "open", closed_at: null, updated_at: timestamp() } as const;
  savePull(repository, reopened);
  emitPull(world, repository, { pull: reopened, action: "reopened", sender });
  return reopened;
}

/**
 * After a push: open pull requests from that branch have new commits, or are closed when it is gone; those whose
 * head is now part of their base branch count as merged.
 */
export async function synchronizePulls(
  world: World,
  { repository, actor }: Push,
  change: Push["changes"][number],
): Promise<void> {
  const branch = change.ref.replace(/^refs\/heads\//, "");
  const gone = change.after === ZERO_SHA;
  const open = readList(repository.dir, "pulls").filter(({ state }) => state === "open");
  for (const pull of open.filter(({ head_ref }) => head_ref === branch)) {
    if (gone) closePull(world, repository, pull, actor.login);
    else await synchronize(world, repository, { ...pull, head_sha: change.after }, actor.login);
  }
  for (const pull of open.filter(({ base_ref }) => base_ref === branch && !gone)) {
    const merged = await isAncestor(repository.dir, pull.head_sha, change.after);
    if (merged) keepMerge(world, repository, pull, { sha: change.after, login: actor.login });
  }
}

async function synchronize(world: World, repository: Repository, pull: Pull, sender: string): Promise<void> {
  const base_sha = (await readBranch(repository.dir, pull.base_ref)) ?? pull.base_sha;
  const updated = savePull(repository, { ...pull, base_sha, updated_at: timestamp() });
  await pointHead(repository, updated);
  emitPull(world, repository, { pull: updated, action: "synchronize", sender });
}
