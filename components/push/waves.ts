import * as pulumi from "@pulumi/pulumi";
import type { PushDeliveryPlan, PushWavePlan } from "./args";
import { ClusterDelivery } from "./cluster-delivery";
import { Gate } from "./gate";
import { createWaveCommit } from "./ledger";
import type { ClusterLists } from "./render";
import type { SettledClusters } from "./settling";
import { gatedClusters } from "./waiting";

/** The clusters that a wave made, by name, and what the next wave waits for. */
export interface CreatedWave {
  readonly deliveries: ReadonlyMap<string, ClusterDelivery>;
  /** The last gate of the wave; its `failed` names the clusters of all of them that were let through. */
  readonly gate: Gate;
  /** The commit of the ledger that tells its clusters; undefined without a ledger. */
  readonly told: pulumi.Output<string> | undefined;
  readonly done: readonly pulumi.Resource[];
  /** All of its resources that come last in something. */
  readonly declared: readonly pulumi.Resource[];
}

/** One wave, what its clusters are told to run, and what has to be done before it. */
export interface WaveArgs {
  readonly wave: PushWavePlan;
  readonly settled: SettledClusters;
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
  const declared = [...after];
  let done = after;
  let gate: Gate | undefined;
  for (const batch of batchesOf(args.wave)) {
    const created = createBatch(name, plan, { ...args, batch, after: done, before: gate }, parent);
    for (const delivery of created.deliveries) deliveries.set(delivery.cluster, delivery);
    gate = created.gate;
    done = [gate, ...created.deliveries.map((delivery) => delivery.record)];
    declared.push(...done);
  }
  return { deliveries, gate: gate!, told, done, declared };
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
  { wave, settled, after, batch, before }: BatchArgs,
  parent: pulumi.Resource,
): { readonly deliveries: readonly ClusterDelivery[]; readonly gate: Gate } {
  const deliveries: ClusterDelivery[] = [];
  for (const target of toDeclare(batch.targets, settled)) {
    const isGated = wave.checks[target.name]!.length > 0;
    const runs = deliveries.flatMap(({ sharedRuns }) => sharedRuns);
    const one = settled.get(target.name)!;
    const args = { plan, target, settled: one, after: [...after, ...runs], isGated };
    deliveries.push(new ClusterDelivery(`${name}/${target.name}`, args, { parent }));
  }
  const looked = batch.targets.filter((target) => !settled.get(target.name)!.isUntouched);
  const clusters = gatedClusters(looked, listsOf(settled), wave);
  const release = plan.release?.id ?? "by content";
  const { app, namespace } = plan;
  const { bake, timeout, maxFailures } = wave;
  const args = { app, namespace, wave: wave.name, release, clusters, bake, timeout, maxFailures, before };
  // Also on what comes before: of a batch whose clusters are all left out nothing else would wait for it.
  const dependsOn = [...after, ...deliveries.flatMap((delivery) => delivery.applied)];
  const gate = new Gate(`${name}/gate/${batch.gateName}`, args, { parent, dependsOn });
  for (const delivery of deliveries) delivery.createRecord(gate);
  return { deliveries, gate };
}

/**
 * A cluster that the update fails for is not declared, so that nothing asks for it; see {@link failAfter} for why nothing
 * of it is deleted then. A preview declares it, or it would show all of it as deleted.
 */
function toDeclare(targets: Batch["targets"], settled: SettledClusters): Batch["targets"] {
  return pulumi.runtime.isDryRun() ? targets : targets.filter((target) => !settled.get(target.name)!.fails);
}

/** What each cluster is told to run. */
export function listsOf(settled: SettledClusters): ClusterLists {
  return new Map([...settled].map(([cluster, { list }]) => [cluster, list]));
}
