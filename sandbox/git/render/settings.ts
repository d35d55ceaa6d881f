import type { Delivery, DeployKey, Environment, Hook, Repository } from "../state/index.ts";
import type { World } from "../world.ts";
import { repositoryUrl } from "./commits.ts";
import { nodeId, renderUser } from "./users.ts";
import type { Json } from "./users.ts";

export function renderKey(world: World, repository: Repository, key: DeployKey): Json {
  return { ...key, url: repositoryUrl(world, repository, `/keys/${key.id}`), verified: true, enabled: true };
}

/** GitHub shows that there is a secret, never the secret. */
export const MASKED_SECRET = "********";

export function renderHook(world: World, repository: Repository, hook: Hook): Json {
  const url = repositoryUrl(world, repository, `/hooks/${hook.id}`);
  return {
    type: "Repository",
    id: hook.id,
    name: "web",
    active: hook.active,
    events: hook.events,
    config: {
      url: hook.url,
      content_type: hook.content_type,
      insecure_ssl: hook.insecure_ssl,
      ...(hook.secret === null ? {} : { secret: MASKED_SECRET }),
    },
    url,
    test_url: `${url}/tests`,
    ping_url: `${url}/pings`,
    deliveries_url: `${url}/deliveries`,
    created_at: hook.created_at,
    updated_at: hook.updated_at,
  };
}

export function renderDelivery(repository: Repository, delivery: Delivery): Json {
  const { hook_id, ...shown } = delivery;
  const url = `/hooks/${hook_id}/deliveries/${delivery.id}`;
  return { ...shown, url, redelivery: false, installation_id: null, repository_id: repository.id };
}

export function renderEnvironment(world: World, repository: Repository, environment: Environment): Json {
  return {
    id: environment.id,
    node_id: nodeId("Environment", environment.id),
    name: environment.name,
    url: repositoryUrl(world, repository, `/environments/${encodeURIComponent(environment.name)}`),
    html_url: `${world.baseUrl}/${repository.owner}/${repository.name}/deployments/${environment.name}`,
    can_admins_bypass: environment.can_admins_bypass,
    protection_rules: protectionRules(world, environment),
    deployment_branch_policy: environment.deployment_branch_policy,
    created_at: environment.created_at,
    updated_at: environment.updated_at,
  };
}

function protectionRules(world: World, environment: Environment): Json[] {
  const rule = (type: string): Json => ({
    id: environment.id,
    node_id: nodeId(type, environment.id),
    type,
  });
  const rules: Json[] = [];
  if (environment.wait_timer > 0) {
    rules.push({ ...rule("wait_timer"), wait_timer: environment.wait_timer });
  }
  if (environment.reviewers.length > 0) {
    const { prevent_self_review } = environment;
    const reviewers = environment.reviewers.map(({ type, id }) => ({
      type,
      reviewer: renderReviewer(world, id),
    }));
    rules.push({ ...rule("required_reviewers"), prevent_self_review, reviewers });
  }
  if (environment.deployment_branch_policy !== null) rules.push(rule("branch_policy"));
  return rules;
}

function renderReviewer(world: World, id: number): Json {
  const identity = world.identities.all().find((candidate) => candidate.id === id);
  return renderUser(world, identity?.login ?? "ghost");
}
