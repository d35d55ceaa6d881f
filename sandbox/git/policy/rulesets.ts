import { matchesGlob } from "node:path";
import { readList } from "../state/documents.ts";
import type { Protection, Ruleset } from "../state/documents.ts";

/**
 * The rule of a reference: the protection of its branch, else the first active ruleset that has it. On GitHub all of
 * them hold together.
 *
 * @param repositoryDir the bare repository
 */
export function findRule(repositoryDir: string, ref: string): Protection | undefined {
  const own = readList(repositoryDir, "protection").find((rule) => ref === `refs/heads/${rule.branch}`);
  return (
    own ??
    readList(repositoryDir, "rulesets")
      .filter((ruleset) => has(ruleset, ref))
      .map(asProtection)[0]
  );
}

function has({ target, enforcement, conditions }: Ruleset, ref: string): boolean {
  if (target !== "branch" || enforcement !== "active" || !ref.startsWith("refs/heads/")) return false;
  const { include, exclude } = conditions.ref_name;
  const fits = (pattern: string): boolean => pattern === "~ALL" || matchesGlob(ref, pattern);
  return include.some(fits) && !exclude.some(fits);
}

/** What of a ruleset is enforced here; the other rules are kept. */
function asProtection({ name, rules }: Ruleset): Protection {
  const has = (type: string): boolean => rules.some((rule) => rule.type === type);
  const review = rules.find(({ type }) => type === "pull_request")?.parameters;
  return {
    branch: name,
    enforce_admins: true,
    required_status_checks: null,
    required_pull_request_reviews: review === undefined ? null : asReviews(review),
    restrictions: null,
    required_linear_history: has("required_linear_history"),
    allow_force_pushes: !has("non_fast_forward"),
    allow_deletions: !has("deletion"),
    required_conversation_resolution: false,
    block_creations: has("creation"),
    lock_branch: has("update"),
    required_signatures: has("required_signatures"),
  };
}

function asReviews(
  parameters: Readonly<Record<string, unknown>>,
): NonNullable<Protection["required_pull_request_reviews"]> {
  return {
    dismiss_stale_reviews: parameters["dismiss_stale_reviews_on_push"] === true,
    require_code_owner_reviews: parameters["require_code_owner_review"] === true,
    require_last_push_approval: parameters["require_last_push_approval"] === true,
    required_approving_review_count: Number(parameters["required_approving_review_count"] ?? 0),
    dismissal_restrictions: null,
    bypass_pull_request_allowances: null,
  };
}
