import type * as pulumi from "@pulumi/pulumi";
import type { PushDeliveryPlan, PushWavePlan } from "./args";
import { ClusterDelivery } from "./cluster-delivery";
import { Gate } from "./gate";
import { createWaveCommit } from "./ledger";
import type { ClusterLists } from "./render";
import { gatedClusters } from "./waiting";

/** The clusters that a wave made, by name, and what the next wave waits for. */
export interface CreatedWave {
  readonly deliveries: ReadonlyMap<string, ClusterDelivery>;
  /** The last gate of the wave; its `failed` names the clusters of all of them that were let through. */
  readonly gate: Gate;
  /** The commit of the ledger that tells its clusters; undefined without a ledger. */
  readonly told: pulumi.Output<string> | undefined;
  readonly done: readonly pulumi.Resource[];
}

/** One wave, what its clusters are told to run, and what has to be done before it. */
export interface WaveArgs {
  readonly wave: PushWavePlan;
  readonly lists: ClusterLists;
  readonly after: readonly pulumi.Resource[];
}

/**
 * Puts one wave in the preview: its commit to the ledger, then its clusters, `maxParallel` at a time. Every so many end in
 * a gate, which the next ones wait for; the last one is the wave's.
 */
export function createWave(
  name: string,
  plan: PushDeliveryPlan,
  args: WaveArgs,
  parent: pulumi.Resource,
): CreatedWave {
  const deliveries = new Map<string, ClusterDelivery>();
  const { after, told } = createWaveCommit(name, plan, args, parent);
  let done = after;
  let gate: Gate | undefined;
  for (const batch of batchesOf(args.wave)) {
    const created = createBatch(name, plan, { ...args, batch, after: done, before: gate }, parent);
    for (const delivery of created.deliveries) deliveries.set(delivery.cluster, delivery);
    gate = created.gate;
    done = [gate, ...created.deliveries.map((delivery) => delivery.record)];
  }
  return { deliveries, gate: gate!, told, done };
}

/** Clusters that are changed at once, and the name of the gate behind them. */
interface Batch {
  readonly gateName: string;
  readonly targets: PushWavePlan["clusters"];
}

/** The last gate has the wave's name alone, so it stays when a cluster joins the wave. */
function batchesOf({ name, clusters, maxParallel }: PushWavePlan): Batch[] {
  const count = Math.ceil(clusters.length / maxParallel);
  return Array.from({ length: count }, (_, index) => ({
    gateName: index === count - 1 ? name : `${name}/${index + 1}`,
    targets: clusters.slice(index * maxParallel, (index + 1) * maxParallel),
  }));
}

interface BatchArgs extends WaveArgs {
  readonly batch: Batch;
  readonly before: Gate | undefined;
}

function createBatch(
  name: string,
  plan: PushDeliveryPlan,
  { wave, lists, after, batch, before }: BatchArgs,
  parent: pulumi.Resource,
): { readonly deliveries: readonly ClusterDelivery[]; readonly gate: Gate } {
  const deliveries: ClusterDelivery[] = [];
  for (const target of batch.targets) {
    const isGated = wave.checks[target.name]!.length > 0;
    const runs = deliveries.flatMap(({ sharedRuns }) => sharedRuns);
    const args = { plan, target, list: lists.get(target.name)!, after: [...after, ...runs], isGated };
    deliveries.push(new ClusterDelivery(`${name}/${target.name}`, args, { parent }));
  }
  const clusters = gatedClusters(batch.targets, lists, wave);
  const release = plan.release?.id ?? "by content";
  const { app, namespace } = plan;
  const { bake, timeout, maxFailures } = wave;
  const args = { app, namespace, wave: wave.name, release, clusters, bake, timeout, maxFailures, before };
  const dependsOn = deliveries.flatMap((delivery) => delivery.applied);
  const gate = new Gate(`${name}/gate/${batch.gateName}`, args, { parent, dependsOn });
  for (const delivery of deliveries) delivery.createRecord(gate);
  return { deliveries, gate };
}
