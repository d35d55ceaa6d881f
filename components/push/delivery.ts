import * as pulumi from "@pulumi/pulumi";
import { assertValid } from "../problems";
import { checkPush, resolvePush } from "./args";
import type { PushDeliveryArgs, PushDeliveryPlan, PushWavePlan } from "./args";
import { sayDeprecated } from "./deprecated";
import { failAfter } from "./fail-after";
import { checkPushLedger, createPlanMark, markedClusters, takenBackFrom } from "./ledger";
import { createOrphans, retiredFolders } from "./orphans";
import { recordOf, untouchedRecord } from "./record";
import type { ClusterRecord } from "./record";
import { renderClusters } from "./render";
import { checkChanges, checkRemovals, checkSharedRuns, checkSurvey } from "./settling";
import { failureText, saySettled, settle, surveyOf } from "./settling";
import type { SettledClusters } from "./settling";
import { createWave } from "./waves";
import type { CreatedWave } from "./waves";

/**
 * Delivers one list of objects to many clusters, wave by wave. A wave begins when every cluster of the one before
 * it has succeeded; a failure leaves the later ones as they are. Before anything is declared every cluster is asked once
 * whether it is there: one that is not is left as it is; see {@link PushDeliveryArgs.onUnreachable}.
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
    assertValid(this, [...checkPush(plan), ...checkPushLedger(plan)]);
    const { lists, problems } = renderClusters(plan);
    assertValid(this, problems);
    sayDeprecated(lists.values(), plan.kubernetesVersion, this);
    const survey = surveyOf(plan, lists, this);
    const settled = settle(plan, lists, survey);
    const found = [...checkSurvey(plan, survey), ...checkSharedRuns(lists, survey)];
    assertValid(this, [...found, ...checkChanges(plan, lists, survey), ...checkRemovals(plan, settled)]);
    saySettled(plan, settled, survey, this);
    createOrphans(name, plan, survey, this);
    this.record = createWaves(name, plan, { settled, retired: retiredFolders(plan, survey) }, this);
    this.registerOutputs({ record: this.record });
  }
}

type Records = Record<string, pulumi.Output<ClusterRecord>>;

function createWaves(
  name: string,
  plan: PushDeliveryPlan,
  { settled, retired }: { readonly settled: SettledClusters; readonly retired: readonly string[] },
  parent: pulumi.Resource,
): PushDelivery["record"] {
  const { begun, skipped } = wavesToBegin(plan, settled);
  const told: Record<string, CreatedWave["told"]> = {};
  const records: Records = Object.fromEntries(skipped.flatMap((wave) => skippedRecords(wave, settled)));
  const declared: pulumi.Resource[] = [parent];
  const failed: CreatedWave["gate"]["failed"][] = [];
  let after: readonly pulumi.Resource[] = [];
  for (const wave of begun) {
    const created = createWave(name, plan, { wave, settled, after }, parent);
    Object.assign(records, recordsOf(wave, created, settled));
    told[wave.name] = created.told;
    after = created.done;
    declared.push(...created.declared);
    failed.push(created.gate.failed);
  }
  const takenBack = takenBackFrom(plan, settled);
  const done = { told, gates: after, failed, ...markedClusters(settled), takenBack, retired };
  if (isFailing(settled)) failAfter(declared, failureText(settled), parent);
  else createPlanMark(name, plan, done, parent);
  return pulumi.output(records) as PushDelivery["record"];
}

/** Whether this run ends with an error because of a cluster. A preview shows what would be, and fails for none. */
function isFailing(settled: SettledClusters): boolean {
  return !pulumi.runtime.isDryRun() && [...settled.values()].some(({ fails }) => fails);
}

/** A wave of which no cluster can be reached proves nothing, so none comes after it. */
function wavesToBegin(
  { waves }: PushDeliveryPlan,
  settled: SettledClusters,
): { readonly begun: readonly PushWavePlan[]; readonly skipped: readonly PushWavePlan[] } {
  const isDead = ({ clusters }: PushWavePlan): boolean =>
    clusters.every(({ name }) => settled.get(name)!.fails);
  const last = isFailing(settled) ? waves.findIndex(isDead) : -1;
  return last === -1
    ? { begun: waves, skipped: [] }
    : { begun: waves.slice(0, last + 1), skipped: waves.slice(last + 1) };
}

function skippedRecords(
  { name, clusters }: PushWavePlan,
  settled: SettledClusters,
): (readonly [string, Records[string]])[] {
  return clusters.map((cluster) => {
    const { told } = settled.get(cluster.name)!;
    return [cluster.name, untouchedRecord(told?.list, name, "skipped")] as const;
  });
}

function recordsOf(wave: PushWavePlan, { deliveries, gate }: CreatedWave, settled: SettledClusters): Records {
  const records = wave.clusters.map(({ name: cluster }) => {
    const one = settled.get(cluster)!;
    const delivery = deliveries.get(cluster);
    if (delivery === undefined)
      return [cluster, untouchedRecord(one.told?.list, wave.name, "unreachable")] as const;
    return [cluster, recordOf(delivery, one, { wave: wave.name, failed: gate.failed })] as const;
  });
  return Object.fromEntries(records);
}
