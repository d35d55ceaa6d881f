import { ZERO_SHA } from "../names.ts";
import { isAncestor, mergeTrees, moveRef, readBranch, writeCommit } from "../plumbing/index.ts";
import type { Person } from "../plumbing/index.ts";
import { checkMerge, findRule } from "../policy/index.ts";
import type { Actor } from "../policy/index.ts";
import { Refusal, conflict } from "../refusals.ts";
import type { Mergeability } from "../render/index.ts";
import { readList, readRecord, timestamp } from "../state/index.ts";
import type { Pull, Repository } from "../state/index.ts";
import type { World } from "../world.ts";
import { currentPull, emitPull, savePull } from "./store.ts";

export interface MergeOrder {
  readonly method: "merge" | "squash";
  readonly title: string;
  readonly message: string;
  /** The head that the caller has seen; another one now is a conflict. */
  readonly sha?: string;
  readonly actor: Actor;
  readonly author: Person;
}

const notMergeable = (message: string): Refusal => new Refusal(405, message);

/** What keeps a pull request from being merged by this actor: the rules of its base branch. */
async function checkRules(repository: Repository, pull: Pull, actor: Actor): Promise<string[]> {
  const rule = findRule(repository.dir, `refs/heads/${pull.base_ref}`);
  if (rule === undefined) return [];
  const latest = new Map(
    readList(repository.dir, "reviews")
      .filter((review) => review.pull === pull.number && review.state !== "COMMENTED")
      .map((review) => [review.user, review]),
  );
  const verdicts = [...latest.values()];
  const base = await readBranch(repository.dir, pull.base_ref);
  const facts = {
    head: pull.head_sha,
    approvals: verdicts.filter(({ state }) => state === "APPROVED").length,
    changesRequested: verdicts.some(({ state }) => state === "CHANGES_REQUESTED"),
    upToDate: base !== undefined && (await isAncestor(repository.dir, base, pull.head_sha)),
  };
  return checkMerge(rule, facts, actor, readList(repository.dir, "statuses"));
}

export async function readMergeability(
  repository: Repository,
  pull: Pull,
  actor: Actor,
): Promise<Mergeability> {
  const base = await readBranch(repository.dir, pull.base_ref);
  if (pull.state === "closed" || base === undefined) return { mergeable: null, mergeable_state: "unknown" };
  const merged = await mergeTrees(repository.dir, base, pull.head_sha);
  if ("conflicts" in merged) return { mergeable: false, mergeable_state: "dirty" };
  const blocked = (await checkRules(repository, pull, actor)).length > 0;
  return { mergeable: true, mergeable_state: blocked ? "blocked" : "clean" };
}

/**
 * Merges into the base branch with a real commit.
 *
 * @throws Refusal: 405 when it is closed, conflicts or the rules say no; 409 when a branch moved meanwhile.
 */
export async function mergePull(
  world: World,
  repository: Repository,
  stored: Pull,
  order: MergeOrder,
): Promise<Pull> {
  const pull = await currentPull(repository, stored);
  const before = await readBranch(repository.dir, pull.base_ref);
  if (pull.state === "closed" || before === undefined) throw notMergeable("Pull Request is not mergeable");
  if (order.sha !== undefined && order.sha !== pull.head_sha) {
    throw conflict("Head branch was modified. Review and try the merge again.");
  }
  const [problem] = await checkRules(repository, pull, order.actor);
  if (problem !== undefined) throw notMergeable(problem);
  const after = await writeMerge(repository, pull, before, order);
  if (!(await moveRef(repository.dir, `refs/heads/${pull.base_ref}`, before, after))) {
    throw conflict("Base branch was modified. Review and try the merge again.");
  }
  const merged = keepMerge(world, repository, pull, { sha: after, login: order.actor.login });
  await announce(world, repository, merged, { before, after, actor: order.actor });
  return merged;
}

async function writeMerge(
  repository: Repository,
  pull: Pull,
  base: string,
  order: MergeOrder,
): Promise<string> {
  const result = await mergeTrees(repository.dir, base, pull.head_sha);
  if ("conflicts" in result) throw notMergeable("Pull Request has merge conflicts");
  return writeCommit(repository.dir, {
    tree: result.tree,
    parents: order.method === "merge" ? [base, pull.head_sha] : [base],
    message: order.message === "" ? order.title : `${order.title}\n\n${order.message}`,
    author: order.author,
    committer: order.author,
  });
}

/** Closes a pull request whose commits are in its base branch now. */
export function keepMerge(
  world: World,
  repository: Repository,
  pull: Pull,
  { sha, login }: { sha: string; login: string },
): Pull {
  const now = timestamp();
  const closed = { state: "closed", closed_at: now, merged_at: now, updated_at: now } as const;
  const merged = savePull(repository, { ...pull, ...closed, merged_by: login, merge_commit_sha: sha });
  emitPull(world, repository, { pull: merged, action: "closed", sender: login });
  return merged;
}

async function announce(
  world: World,
  repository: Repository,
  pull: Pull,
  move: { before: string; after: string; actor: Actor },
): Promise<void> {
  const { actor, before, after } = move;
  const changes = [{ ref: `refs/heads/${pull.base_ref}`, before, after }];
  const head = `refs/heads/${pull.head_ref}`;
  const deletes = readRecord(repository).settings.delete_branch_on_merge;
  if (deletes && (await moveRef(repository.dir, head, pull.head_sha, ZERO_SHA))) {
    changes.push({ ref: head, before: pull.head_sha, after: ZERO_SHA });
  }
  await world.pushed({ repository, actor, changes });
}
