import { ZERO_SHA } from "../names.ts";
import type { Permission, Protection } from "../state/index.ts";

/** Who changes something, with what permission on that repository. */
export interface Actor {
  readonly login: string;
  readonly permission: Permission;
}

export interface RefChange {
  /** Full name, such as "refs/heads/main". */
  readonly ref: string;
  /** {@link ZERO_SHA} for a new reference. */
  readonly before: string;
  /** {@link ZERO_SHA} for a deleted one. */
  readonly after: string;
  /** Whether commits get lost. */
  readonly forced: boolean;
}

type Statuses = readonly { readonly sha: string; readonly context: string; readonly state: string }[];

const isExempt = (rule: Protection, actor: Actor): boolean =>
  actor.permission === "admin" && !rule.enforce_admins;

/**
 * Why GitHub would refuse this change of a protected branch; an empty list when it would not.
 * Lost commits and deletion are refused to everybody, the rest to those who are not exempt. A new branch needs no
 * pull request: nothing could be merged into it.
 */
export function checkRefChange(
  rule: Protection,
  change: RefChange,
  actor: Actor,
  statuses: Statuses,
): string[] {
  const problems: string[] = [];
  const deleted = change.after === ZERO_SHA;
  if (deleted && !rule.allow_deletions) problems.push("Cannot delete this branch");
  if (!deleted && change.forced && !rule.allow_force_pushes)
    problems.push("Cannot force-push to this branch");
  if (deleted || isExempt(rule, actor)) return problems;
  const reviews = change.before === ZERO_SHA ? [] : checkReviews(rule, actor);
  return [...problems, ...reviews, ...checkGate(rule, change.after, actor, statuses)];
}

function checkReviews(rule: Protection, actor: Actor): string[] {
  const reviews = rule.required_pull_request_reviews;
  if (reviews === null || reviews.bypass_pull_request_allowances?.users.includes(actor.login)) return [];
  return ["Changes must be made through a pull request."];
}

function checkGate(rule: Protection, sha: string, actor: Actor, statuses: Statuses): string[] {
  const problems: string[] = [];
  if (rule.lock_branch) problems.push("Cannot change this locked branch");
  if (rule.restrictions !== null && !rule.restrictions.users.includes(actor.login)) {
    problems.push("You're not authorized to push to this branch.");
  }
  const green = statuses.filter((status) => status.sha === sha && isLatest(status, statuses));
  const contexts = new Set(green.filter(({ state }) => state === "success").map(({ context }) => context));
  for (const { context } of rule.required_status_checks?.checks ?? []) {
    if (!contexts.has(context)) problems.push(`Required status check "${context}" is expected.`);
  }
  return problems;
}

/** Statuses are kept oldest first: a later one of the same commit and context replaces it. */
function isLatest(status: Statuses[number], all: Statuses): boolean {
  const same = all.filter(({ sha, context }) => sha === status.sha && context === status.context);
  return same.at(-1) === status;
}

export interface MergeFacts {
  readonly head: string;
  readonly approvals: number;
  readonly changesRequested: boolean;
  readonly upToDate: boolean;
}

/** Why GitHub would refuse to merge a pull request into a protected branch. */
export function checkMerge(rule: Protection, facts: MergeFacts, actor: Actor, statuses: Statuses): string[] {
  if (isExempt(rule, actor)) return [];
  const problems = checkGate(rule, facts.head, actor, statuses);
  const wanted = rule.required_pull_request_reviews?.required_approving_review_count ?? 0;
  if (facts.approvals < wanted) {
    problems.push(`At least ${wanted} approving review is required by reviewers with write access.`);
  }
  if (rule.required_pull_request_reviews !== null && facts.changesRequested) {
    problems.push("Changes have been requested.");
  }
  if (rule.required_status_checks?.strict && !facts.upToDate) {
    problems.push("The head branch is not up to date with the base branch.");
  }
  return problems;
}
