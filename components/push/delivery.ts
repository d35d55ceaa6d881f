import * as pulumi from "@pulumi/pulumi";
import { assertValid } from "../problems";
import { checkPush, resolvePush } from "./args";
import type { PushDeliveryArgs, PushDeliveryPlan } from "./args";
import type { ClusterDelivery } from "./cluster-delivery";
import { createPlanMark } from "./ledger";
import { renderClusters } from "./render";
import type { ClusterLists } from "./render";
import { createWave } from "./waves";
import type { CreatedWave } from "./waves";

/** What one cluster runs after a successful `pulumi up`. */
export interface ClusterRecord {
  /** Id of the release. */
  readonly release: string;
  /** SHA-256 in hex of the objects without the record. */
  readonly contentHash: string;
  /** Name of the wave that it belongs to. */
  readonly wave: string;
}

/**
 * Delivers one list of objects to many clusters, wave by wave. A wave begins when every cluster of the one before
 * it has succeeded; a failure leaves the later ones as they are.
 *
 * @throws pulumi.ResourceError with every problem of the arguments, before anything is declared.
 * @example
 * new PushDelivery("web", {
 *   clusters: [{ name: "eu", context: "eu" }],
 *   manifests: app({ name: "web", image: image.ref, port: 8080 }),
 * });
 */
export class PushDelivery extends pulumi.ComponentResource {
  /** What runs where, by cluster. */
  public readonly record: pulumi.Output<Readonly<Record<string, ClusterRecord>>>;

  constructor(name: string, args: PushDeliveryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("delivery:push:PushDelivery", name, {}, opts);
    const plan = resolvePush(name, args);
    assertValid(this, checkPush(plan));
    const { lists, problems } = renderClusters(plan);
    assertValid(this, problems);
    this.record = createWaves(name, plan, lists, this);
    this.registerOutputs({ record: this.record });
  }
}

function createWaves(
  name: string,
  plan: PushDeliveryPlan,
  lists: ClusterLists,
  parent: pulumi.Resource,
): PushDelivery["record"] {
  let after: readonly pulumi.Resource[] = [];
  const told: Record<string, CreatedWave["told"]> = {};
  const records: Record<string, pulumi.Output<ClusterRecord>> = {};
  for (const wave of plan.waves) {
    const { deliveries, done, told: commit } = createWave(name, plan, { wave, lists, after }, parent);
    for (const [cluster, delivery] of deliveries) records[cluster] = recordOf(delivery, wave.name);
    told[wave.name] = commit;
    after = done;
  }
  createPlanMark(name, plan, { told, gates: after, lists }, parent);
  return pulumi.output(records) as PushDelivery["record"];
}

/** Read from the object that was applied, so it is known only when the cluster has succeeded. */
function recordOf({ record }: ClusterDelivery, wave: string): pulumi.Output<ClusterRecord> {
  return record.data.apply((data) => {
    return { release: data?.release ?? "", contentHash: data?.contentHash ?? "", wave };
  });
}
