import type * as pulumi from "@pulumi/pulumi";
import { clusterFolder } from "../ledger";
import type { PushDeliveryPlan } from "./args";
import { ClusterDelivery } from "./cluster-delivery";
import { settleRetired } from "./settling";
import type { Survey } from "./survey";

/**
 * Puts what an orphaned cluster runs in the preview once more, to be kept when it leaves the program: the engine reads
 * that from the state, so this update writes it there and the next one lets it go. Nothing is asked of the cluster.
 */
export function createOrphans(
  name: string,
  plan: PushDeliveryPlan,
  survey: Survey,
  parent: pulumi.Resource,
): void {
  for (const target of plan.retired.filter(({ retired }) => retired === "orphan")) {
    const settled = settleRetired(target.name, survey);
    if (settled === undefined) continue;
    const args = { plan, target, settled, after: [], isGated: true, isOrphan: true };
    new ClusterDelivery(`${name}/${target.name}`, args, { parent }).createRecord();
  }
}

/** Folders of the ledger that go: those of retired clusters, and those under former names. */
export function retiredFolders({ retired, waves }: PushDeliveryPlan, { told, former }: Survey): string[] {
  const members = waves.flatMap(({ clusters }) => clusters);
  const names = [...retired.map(({ name }) => name), ...members.flatMap(({ formerly = [] }) => formerly)];
  return names.filter((name) => Object.hasOwn({ ...told, ...former }, name)).map(clusterFolder);
}
