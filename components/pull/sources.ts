import { shown } from "../manifests";
import type { PullDeliveryPlan } from "./args";

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
  if (sources === "here") return [];
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
