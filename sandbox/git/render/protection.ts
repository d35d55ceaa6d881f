import type { Protection, Repository } from "../state/index.ts";
import type { World } from "../world.ts";
import { repositoryUrl } from "./commits.ts";
import { renderUser } from "./users.ts";
import type { Json } from "./users.ts";

type People = NonNullable<Protection["restrictions"]>;

const protectionUrl = (world: World, repository: Repository, branch: string): string =>
  repositoryUrl(world, repository, `/branches/${encodeURIComponent(branch)}/protection`);

const renderPeople = (world: World, people: People): Json => ({
  users: people.users.map((login) => renderUser(world, login)),
  teams: people.teams.map((slug) => ({ slug })),
  apps: people.apps.map((slug) => ({ slug })),
});

/** Parts that a rule does not have are absent, as on GitHub. */
export function renderProtection(world: World, repository: Repository, rule: Protection): Json {
  const url = protectionUrl(world, repository, rule.branch);
  const checks = rule.required_status_checks;
  return {
    url,
    enforce_admins: { url: `${url}/enforce_admins`, enabled: rule.enforce_admins },
    ...(checks && { required_status_checks: renderChecks(checks, url) }),
    ...(rule.required_pull_request_reviews && {
      required_pull_request_reviews: renderReviewRule(world, rule.required_pull_request_reviews),
    }),
    ...(rule.restrictions && { restrictions: renderPeople(world, rule.restrictions) }),
    required_linear_history: { enabled: rule.required_linear_history },
    allow_force_pushes: { enabled: rule.allow_force_pushes },
    allow_deletions: { enabled: rule.allow_deletions },
    required_conversation_resolution: { enabled: rule.required_conversation_resolution },
    block_creations: { enabled: rule.block_creations },
    lock_branch: { enabled: rule.lock_branch },
    required_signatures: renderSignatures(world, repository, rule),
  };
}

export function renderSignatures(world: World, repository: Repository, rule: Protection): Json {
  const url = protectionUrl(world, repository, rule.branch);
  return { url: `${url}/required_signatures`, enabled: rule.required_signatures };
}

function renderChecks(rule: NonNullable<Protection["required_status_checks"]>, url: string): Json {
  return {
    url: `${url}/required_status_checks`,
    strict: rule.strict,
    contexts: rule.checks.map(({ context }) => context),
    checks: rule.checks,
  };
}

function renderReviewRule(
  world: World,
  rule: NonNullable<Protection["required_pull_request_reviews"]>,
): Json {
  const { dismissal_restrictions: dismissal, bypass_pull_request_allowances: bypass, ...flags } = rule;
  return {
    ...flags,
    ...(dismissal && { dismissal_restrictions: renderPeople(world, dismissal) }),
    ...(bypass && { bypass_pull_request_allowances: renderPeople(world, bypass) }),
  };
}
