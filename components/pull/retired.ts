import type * as pulumi from "@pulumi/pulumi";
import { shown } from "../manifests";
import type { RetiredCluster } from "../push";
import type { Survey } from "../push/survey";
import type { PullDeliveryPlan } from "./args";
import { gatePlace } from "./gate-place";
import type { PullStanding } from "./standing";
import { SyncGate } from "./sync/gate";
import type { SyncGateArgs } from "./sync/gate";

/** Problems of clusters that are given up, by how things are. */
export function checkRetired(
  { content, settings }: PullDeliveryPlan,
  { reach }: Pick<Survey, "reach">,
): string[] {
  const deleted = content.retired.filter(({ retired }) => retired === "delete").map(({ name }) => name);
  if (settings.sources === "elsewhere") return deleted.map(notOurs);
  return deleted.flatMap((cluster) => {
    const found = reach[cluster];
    if (found?.state !== "unreachable") return [];
    const fix = 'wait until it can be, or give "orphan"';
    return [
      `retired cluster ${shown(cluster)} cannot be reached (${found.why}), so nothing is deleted there; ${fix}`,
    ];
  });
}

function notOurs(cluster: string): string {
  const why =
    'is told elsewhere where to read, so what it runs is not deleted here; give "orphan", and remove its source';
  return `retired cluster ${shown(cluster)} ${why}`;
}

/**
 * Puts the gates of clusters that are given up in the preview once more: in this update each takes its cluster from the
 * agent. All else of the cluster leaves the program now, and the gate with the next update.
 */
export function createRetiredGates(
  name: string,
  plan: PullDeliveryPlan,
  { retired }: Pick<PullStanding, "retired">,
  parent: pulumi.Resource,
): SyncGate[] {
  if (plan.settings.sources === "elsewhere") return [];
  return retired.map((cluster) => {
    const args = retiredGateArgs(plan, cluster);
    return new SyncGate(`${name}/${cluster.name}/live`, args, { parent });
  });
}

function retiredGateArgs(plan: PullDeliveryPlan, cluster: RetiredCluster): SyncGateArgs {
  const nothing = { commit: "", tree: "", published: "unchanged", release: "", kinds: [] } as const;
  const { retired } = cluster;
  return {
    ...{ ...gatePlace(plan, cluster), ...nothing, timeoutSeconds: 0, required: false },
    ...{ teardown: retired, retired },
  };
}
