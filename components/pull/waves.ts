import * as pulumi from "@pulumi/pulumi";
import type { ClusterTarget } from "../clusters";
import type { GitCommit } from "../ledger";
import { podSecurityLevel } from "../manifests";
import { Gate } from "../push/gate";
import type { GatedCluster } from "../push/gate";
import { createCommit, createPlanMark, takenBackFrom } from "../push/ledger";
import type { ToldWaves } from "../push/ledger";
import type { ClusterLists } from "../push/render";
import type { SettledCluster, SettledClusters } from "../push/settling";
import { gatedClusters } from "../push/waiting";
import { kindsOf } from "./access";
import { AGENTS } from "./agents";
import type { PullDeliveryPlan } from "./args";
import { ClusterPull } from "./cluster-delivery";
import { readerOf } from "./credentials";
import { secondsOf } from "./duration";
import { gatePlace } from "./gate-place";
import { createWebhooks } from "./host";
import { appliedByAgent, migrationsOf } from "./migrations";
import { outcomeOf, recordOf } from "./outcome";
import type { PulledRecord } from "./outcome";
import { createRetiredGates } from "./retired";
import type { ServedSecrets } from "./secrets";
import type { PullStanding } from "./standing";
import { SyncGate } from "./sync/gate";
import type { SyncGateArgs } from "./sync/gate";

/** An agent needs this long to notice, beside the time that a release may take, in seconds. */
const NOTICE_SECONDS = 30;

type Wave = PullDeliveryPlan["content"]["waves"][number];

/** What is published for each cluster, which of them keep what they had, and which are given up. */
export type SettledPull = ServedSecrets & PullStanding;

/** Puts every wave in the preview, each after the one before it, and the mark at the end. */
export function createWaves(
  name: string,
  plan: PullDeliveryPlan,
  served: SettledPull,
  parent: pulumi.Resource,
): pulumi.Output<Readonly<Record<string, PulledRecord>>> {
  const { waves } = plan.content;
  const { lists, settled } = served;
  const pulls = createPulls(name, plan, served, parent);
  createWebhooks(name, plan, new Map([...pulls].map(([cluster, { created }]) => [cluster, created])), parent);
  const records: Record<string, pulumi.Output<PulledRecord>> = {};
  const told: Record<string, pulumi.Output<string>> = {};
  const failed: Gate["failed"][] = [];
  let after: readonly pulumi.Resource[] = [];
  for (const [index, wave] of waves.entries()) {
    const last = index === waves.length - 1;
    const ready = [...after, ...readyFor(wave, pulls, after)];
    const touched = touchedIn(wave, settled).map((cluster) => cluster.name);
    const tells = { wave: wave.name, lists: listsOfWave(wave, lists), touched, after: ready };
    const commit = createCommit(name, plan.content, tells, parent);
    const gates = createSyncGates(name, plan, { wave, commit, last, ...served }, parent);
    for (const [cluster, gate] of gates) records[cluster] = recordOf(gate, lists.get(cluster)!, wave.name);
    told[wave.name] = commit.commit;
    const gate = createWaveGate(name, plan, { wave, ...served, gates: [...gates.values()] }, parent);
    failed.push(gate.failed);
    after = [gate];
  }
  createMark(name, plan, { served, records, told: { told, gates: after, failed } }, parent);
  return pulumi.output(records) as pulumi.Output<Readonly<Record<string, PulledRecord>>>;
}

interface EndedWaves {
  readonly served: SettledPull;
  readonly records: Readonly<Record<string, pulumi.Output<PulledRecord>>>;
  readonly told: Pick<ToldWaves, "told" | "gates" | "failed">;
}

/** With the mark go the folders of clusters that are given up, once their agents have let them go. */
function createMark(
  name: string,
  plan: PullDeliveryPlan,
  { served, records, told }: EndedWaves,
  parent: pulumi.Resource,
): void {
  const gates = [...told.gates, ...createRetiredGates(name, plan, served, parent)];
  const takenBack = takenBackFrom(plan.content, served.settled);
  const outcome = { ...outcomeOf(records, served), takenBack, retired: served.folders };
  createPlanMark(name, plan.content, { ...told, ...outcome, gates }, parent);
}

/** A cluster that keeps what it has is not looked at. */
function touchedIn({ clusters }: Wave, settled: SettledClusters): Wave["clusters"] {
  return clusters.filter(({ name }) => !settled.get(name)!.isUntouched);
}

/** What has to be there before a wave is published: its agents know where to read, and its migrations are over. */
function readyFor(
  { clusters }: Wave,
  pulls: ReadonlyMap<string, ClusterPull>,
  after: readonly pulumi.Resource[],
): pulumi.Resource[] {
  return clusters.flatMap(({ name }) => {
    const pull = pulls.get(name);
    return pull === undefined ? [] : [...pull.created, ...pull.migrate(after)];
  });
}

function listsOfWave({ clusters }: Wave, lists: ClusterLists): ClusterLists {
  return new Map(clusters.map(({ name }) => [name, lists.get(name)!]));
}

/** The agents of all clusters are told where to read at once: that alone changes nothing that runs. */
function createPulls(
  name: string,
  plan: PullDeliveryPlan,
  { lists, direct, identity, settled }: SettledPull,
  parent: pulumi.Resource,
): ReadonlyMap<string, ClusterPull> {
  const isHere = plan.settings.sources === "here";
  const targets = isHere ? plan.content.waves.flatMap(({ clusters }) => clusters) : [];
  return new Map(
    targets.map((target) => {
      const secrets = direct.get(target.name) ?? [];
      const list = lists.get(target.name)!;
      const told = {
        kinds: appliedByAgent(list),
        podSecurity: podSecurityLevel(list.objects),
        migrations: migrationsOf(list),
      };
      const { why, isSilent } = settled.get(target.name)!;
      const reach = { isUnreachable: why !== undefined, isSilent };
      const args = { plan, agent: AGENTS.flux!, target, ...told, secrets, identity, reach };
      return [target.name, new ClusterPull(`${name}/${target.name}`, args, { parent })];
    }),
  );
}

interface Published extends Pick<SettledPull, "lists" | "settled"> {
  readonly wave: Wave;
  readonly commit: GitCommit;
  readonly last: boolean;
}

function createSyncGates(
  name: string,
  plan: PullDeliveryPlan,
  published: Published,
  parent: pulumi.Resource,
): ReadonlyMap<string, SyncGate> {
  const { wave, commit } = published;
  return new Map(
    wave.clusters.map((target) => {
      const args = syncGateArgs(plan, target, published);
      const aliases = (target.formerly ?? []).map((former) => ({ name: `${name}/${former}/live` }));
      return [
        target.name,
        new SyncGate(`${name}/${target.name}/live`, args, { parent, dependsOn: [commit], aliases }),
      ];
    }),
  );
}

function syncGateArgs(
  plan: PullDeliveryPlan,
  target: ClusterTarget,
  { commit, last, lists, settled }: Published,
): SyncGateArgs {
  const { content, settings, credentials, onUnreachable } = plan;
  const place = gatePlace(plan, target);
  const list = lists.get(target.name)!;
  return {
    ...place,
    commit: commit.commit,
    tree: commit.trees.apply((trees) => trees[place.folder] ?? ""),
    published: commit.result,
    release: releaseOf(content, settled.get(target.name)!),
    held: settled.get(target.name)!.isUntouched,
    reader: readerOf(credentials),
    kinds: kindsOf(appliedByAgent(list), content.clusterScope),
    timeoutSeconds: secondsOf(settings.timeout) + NOTICE_SECONDS,
    required: !last,
    ...(onUnreachable === undefined ? {} : { onUnreachable }),
    teardown: settings.teardown,
    owned: settings.sources === "here",
  };
}

/** A cluster that is held has a release of its own. */
function releaseOf({ release, app }: PullDeliveryPlan["content"], { state, told }: SettledCluster): string {
  return (state === "held" ? told?.pinned?.release : undefined) ?? release?.id ?? app;
}

interface GatedWave extends Pick<SettledPull, "lists" | "settled"> {
  readonly wave: Wave;
  readonly gates: readonly SyncGate[];
}

function createWaveGate(
  name: string,
  { content, onUnreachable }: PullDeliveryPlan,
  { wave, lists, settled, gates }: GatedWave,
  parent: pulumi.Resource,
): Gate {
  const release = content.release?.id ?? "by content";
  const { app, namespace } = content;
  const { bake, timeout, maxFailures } = wave;
  const isLookedAt = ({ name: cluster }: ClusterTarget): boolean =>
    onUnreachable !== "skip" || settled.get(cluster)!.why === undefined;
  const looked = touchedIn(wave, settled).filter(isLookedAt);
  const clusters = gatedClusters(looked, lists, wave).map(withoutRollout);
  const args = { app, namespace, wave: wave.name, release, clusters, bake, timeout, maxFailures };
  return new Gate(`${name}/gate/${wave.name}`, args, { parent, dependsOn: [...gates] });
}

/** The agent has said that what it applied is healthy; what it could not be asked for is no failure of the last wave. */
function withoutRollout(cluster: GatedCluster): GatedCluster {
  return { ...cluster, checks: cluster.checks.filter(({ check }) => check !== "rolloutReady") };
}
