import { shown } from "../manifests";
import type { Kind } from "../manifests/rules";
import type { ClusterLists } from "../push/render";
import type { PullDeliveryPlan } from "./args";
import { appliedByAgent } from "./migrations";
import { formerKinds } from "./sync/former";

/**
 * Who tells the agents where to read.
 *
 * - `here`: this delivery, which makes namespace, account, rights, credentials and the agent's objects.
 * - `elsewhere`: another stack, by `FluxSource` under the same name. This one publishes and watches, and changes nothing
 *   in a cluster itself: its runs take no longer the more objects there are.
 */
export type PullSources = "here" | "elsewhere";
export const DEFAULT_PULL_SOURCES: PullSources = "here";

const CHOICES: readonly PullSources[] = ["here", "elsewhere"];

/** Problems of the choice, and what cannot be given together with it: it would be made here. */
export function checkPullSources(plan: PullDeliveryPlan): string[] {
  const { sources, secrets } = plan.settings;
  if (!CHOICES.includes(sources))
    return [`sources is ${shown(sources)}; give ${CHOICES.map(shown).join(" or ")}`];
  if (sources === "here") {
    return plan.kinds === undefined
      ? []
      : ['kinds is given, and sources is "here", which makes them; leave it out'];
  }
  const { credentials, host, webhook, statuses, content } = plan;
  const given = Object.entries({ credentials, host, webhook, statuses }).filter(
    ([, value]) => value !== undefined,
  );
  return [
    ...given.map(([field]) => `${field} is given, and sources is "elsewhere"; give it to the FluxSource`),
    ...(secrets === "refuse" ? [] : [`secrets is ${shown(secrets)}, which needs sources: "here"`]),
    ...(content.pullSecrets.length === 0
      ? []
      : ['pullSecrets needs sources: "here"; leave it to the other stack']),
  ];
}

/** Problems of kinds that are to be applied as an account which may not change them. */
export function checkGrantedKinds(lists: ClusterLists, { kinds }: Pick<PullDeliveryPlan, "kinds">): string[] {
  if (kinds === undefined) return [];
  const missing = formerKinds([...lists.values()].flatMap(appliedByAgent), kinds);
  const texts = missing.map(
    ({ apiVersion, kind }) => `{ apiVersion: ${shown(apiVersion)}, kind: ${shown(kind)} }`,
  );
  const fix = "add it, and update the stack that has the source before this one";
  return [...new Set(texts)]
    .sort()
    .map((text) => `kinds lacks ${text}, which the agents are to apply; ${fix}`);
}

/** Problems of the kinds that an account is to be able to change. */
export function checkKinds(kinds: readonly Kind[] | undefined): string[] {
  const fix = 'name what is applied, as [{ apiVersion: "apps/v1", kind: "Deployment" }]';
  if (!Array.isArray(kinds) || kinds.length === 0) return [`kinds is empty; ${fix}`];
  const isKind = ({ apiVersion, kind }: Partial<Kind>): boolean => Boolean(apiVersion) && Boolean(kind);
  return kinds.filter((kind) => !isKind(kind)).map((kind) => `kinds has ${shown(kind)}; ${fix}`);
}
