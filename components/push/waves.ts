import type * as pulumi from "@pulumi/pulumi";
import type { PushDeliveryPlan, PushWave } from "./args";
import { ClusterDelivery } from "./cluster-delivery";
import { Gate } from "./gate";
import { createWaveCommit } from "./ledger";
import type { ClusterLists } from "./render";

/** The clusters that a wave made, by name, and the gate behind them. */
export interface CreatedWave {
  readonly deliveries: ReadonlyMap<string, ClusterDelivery>;
  readonly gate: Gate;
  /** The commit of the ledger that tells its clusters; undefined without a ledger. */
  readonly told: pulumi.Output<string> | undefined;
}

/** One wave, what its clusters are told to run, and what has to be done before it. */
export interface WaveArgs {
  readonly wave: Required<PushWave>;
  readonly lists: ClusterLists;
  readonly after: readonly pulumi.Resource[];
}

/** Puts one wave in the preview: its commit to the ledger, its clusters, then its gate. */
export function createWave(
  name: string,
  plan: PushDeliveryPlan,
  { wave, lists, after }: WaveArgs,
  parent: pulumi.Resource,
): CreatedWave {
  const { after: published, told } = createWaveCommit(name, plan, { wave, lists, after }, parent);
  const created: ClusterDelivery[] = [];
  for (const [index, target] of wave.clusters.entries()) {
    const freed = created[index - wave.maxParallel];
    const waitsFor = freed === undefined ? published : [...published, freed.record];
    const args = { plan, target, list: lists.get(target.name)!, after: waitsFor };
    created.push(new ClusterDelivery(`${name}/${target.name}`, args, { parent }));
  }
  const deliveries = new Map(wave.clusters.map(({ name: cluster }, index) => [cluster, created[index]!]));
  return { deliveries, gate: createGate(name, plan, { wave: wave.name, deliveries }, parent), told };
}

function createGate(
  name: string,
  plan: PushDeliveryPlan,
  { wave, deliveries }: { readonly wave: string; readonly deliveries: CreatedWave["deliveries"] },
  parent: pulumi.Resource,
): Gate {
  const hashes = [...deliveries].map(([cluster, { contentHash }]) => [cluster, contentHash]);
  const records = [...deliveries.values()].map(({ record }) => record);
  const release = plan.release?.id ?? "by content";
  const args = { app: plan.app, wave, release, clusters: Object.fromEntries(hashes) };
  return new Gate(`${name}/gate/${wave}`, args, { parent, dependsOn: records });
}
