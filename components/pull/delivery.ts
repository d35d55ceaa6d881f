import * as pulumi from "@pulumi/pulumi";
import { clusterFolder } from "../ledger";
import type { GitCommit } from "../ledger";
import type { ClusterTarget } from "../clusters";
import { assertValid } from "../problems";
import { Gate } from "../push/gate";
import type { GatedCluster } from "../push/gate";
import { branchOf, createCommit, createPlanMark } from "../push/ledger";
import { sayDeprecated } from "../push/deprecated";
import { renderClusters } from "../push/render";
import { checkChanges, toldOf } from "../push/settling";
import type { ClusterLists } from "../push/render";
import { kindsOf } from "./access";
import { gatedClusters } from "../push/waiting";
import { accessOf } from "./access-of";
import { AGENTS } from "./agents";
import { checkPull, resolvePull } from "./args";
import type { PullDeliveryArgs, PullDeliveryPlan } from "./args";
import { ClusterPull } from "./cluster-delivery";
import { secondsOf } from "./duration";
import { checkHostPackage, createHost, createWebhooks } from "./host";
import { appliedByAgent, checkMigrations, migrationsOf } from "./migrations";
import { outcomeOf } from "./outcome";
import type { PulledRecord } from "./outcome";
import { serveSecrets } from "./secrets";
import type { ServedSecrets } from "./secrets";
import { SyncGate } from "./sync/gate";
import type { SyncGateArgs } from "./sync/gate";

/** An agent needs this long to notice, beside the time that a release may take, in seconds. */
const NOTICE_SECONDS = 30;

/**
 * Delivers one list of objects to many clusters by what their agents read from Git, wave by wave: one commit for each
 * wave, which touches only its clusters. `pulumi up` returns when each agent has applied exactly that and all of it is
 * healthy. A wave begins when every cluster of the one before it is live.
 *
 * @throws pulumi.ResourceError with every problem of the arguments, before anything is declared.
 * @example
 * new PullDelivery("web", {
 *   clusters: [{ name: "eu", context: "eu" }],
 *   ledger: { repository: "https://github.com/acme/deploy.git" },
 *   credentials: { kind: "token", token: config.requireSecret("readToken") },
 *   manifests: app({ name: "web", image, port: 8080 }),
 * });
 */
export class PullDelivery extends pulumi.ComponentResource {
  /** What runs where, by cluster. */
  public readonly record: pulumi.Output<Readonly<Record<string, PulledRecord>>>;

  constructor(name: string, args: PullDeliveryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("delivery:pull:PullDelivery", name, {}, opts);
    const plan = resolvePull(name, args);
    assertValid(this, [...checkPull(plan), ...checkHostPackage(plan)]);
    const secretsKept = plan.settings.secrets !== "refuse";
    const { lists, problems } = renderClusters({ ...plan.content, secretsKept });
    assertValid(this, [...problems, ...checkMigrations(lists)]);
    assertValid(
      this,
      checkChanges(plan.content, lists, { reach: {}, told: toldOf(plan.content, branchOf(plan.content)) }),
    );
    sayDeprecated(lists.values(), plan.content.kubernetesVersion, this);
    const served = createHost(name, plan, this);
    this.record = createWaves(name, served, serveSecrets(name, plan, lists, this), this);
    this.registerOutputs({ record: this.record });
  }
}

type Wave = PullDeliveryPlan["content"]["waves"][number];

function createWaves(
  name: string,
  plan: PullDeliveryPlan,
  served: ServedSecrets,
  parent: pulumi.Resource,
): PullDelivery["record"] {
  const { waves } = plan.content;
  const { lists } = served;
  const pulls = createPulls(name, plan, served, parent);
  createWebhooks(name, plan, new Map([...pulls].map(([cluster, { created }]) => [cluster, created])), parent);
  const records: Record<string, pulumi.Output<PulledRecord>> = {};
  const told: Record<string, pulumi.Output<string>> = {};
  const failed: Gate["failed"][] = [];
  let after: readonly pulumi.Resource[] = [];
  for (const [index, wave] of waves.entries()) {
    const last = index === waves.length - 1;
    const ready = [...after, ...readyFor(wave, pulls, after)];
    const tells = { wave: wave.name, lists: listsOfWave(wave, lists), after: ready };
    const commit = createCommit(name, plan.content, tells, parent);
    const gates = createSyncGates(name, plan, { wave, commit, last, lists }, parent);
    for (const [cluster, gate] of gates) records[cluster] = recordOf(gate, lists.get(cluster)!, wave.name);
    told[wave.name] = commit.commit;
    const gate = createWaveGate(name, plan, { wave, lists, gates: [...gates.values()] }, parent);
    failed.push(gate.failed);
    after = [gate];
  }
  createPlanMark(name, plan.content, { told, gates: after, failed, ...outcomeOf(records, lists) }, parent);
  return pulumi.output(records) as PullDelivery["record"];
}

/** What has to be there before a wave is published: its agents know where to read, and its migrations are over. */
function readyFor(
  { clusters }: Wave,
  pulls: ReadonlyMap<string, ClusterPull>,
  after: readonly pulumi.Resource[],
): pulumi.Resource[] {
  return clusters.flatMap(({ name }) => {
    const pull = pulls.get(name)!;
    return [...pull.created, ...pull.migrate(after)];
  });
}

function listsOfWave({ clusters }: Wave, lists: ClusterLists): ClusterLists {
  return new Map(clusters.map(({ name }) => [name, lists.get(name)!]));
}

/** The agents of all clusters are told where to read at once: that alone changes nothing that runs. */
function createPulls(
  name: string,
  plan: PullDeliveryPlan,
  { lists, direct, identity }: ServedSecrets,
  parent: pulumi.Resource,
): ReadonlyMap<string, ClusterPull> {
  const targets = plan.content.waves.flatMap(({ clusters }) => clusters);
  return new Map(
    targets.map((target) => {
      const secrets = direct.get(target.name) ?? [];
      const list = lists.get(target.name)!;
      const told = { kinds: appliedByAgent(list), migrations: migrationsOf(list) };
      const args = { plan, agent: AGENTS.flux!, target, ...told, secrets, identity };
      return [target.name, new ClusterPull(`${name}/${target.name}`, args, { parent })];
    }),
  );
}

interface Published {
  readonly wave: Wave;
  readonly commit: GitCommit;
  readonly last: boolean;
  readonly lists: ClusterLists;
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
  { content, name, settings }: PullDeliveryPlan,
  target: ClusterTarget,
  { commit, last, lists }: Published,
): SyncGateArgs {
  const { repository, access } = content.ledger;
  const folder = clusterFolder(target.name);
  const list = lists.get(target.name)!;
  return {
    ...{ agent: "flux", cluster: target.name, access: accessOf(target), namespace: content.namespace, name },
    ...{
      repository,
      branch: branchOf(content),
      ...(access === undefined ? {} : { gitAccess: access }),
      folder,
    },
    commit: commit.commit,
    tree: commit.trees.apply((trees) => trees[folder] ?? ""),
    published: commit.result,
    release: content.release?.id ?? content.app,
    kinds: kindsOf(appliedByAgent(list), content.clusterScope),
    timeoutSeconds: secondsOf(settings.timeout) + NOTICE_SECONDS,
    required: !last,
    teardown: settings.teardown,
  };
}

function createWaveGate(
  name: string,
  { content }: PullDeliveryPlan,
  { wave, lists, gates }: { wave: Wave; lists: ClusterLists; gates: readonly SyncGate[] },
  parent: pulumi.Resource,
): Gate {
  const release = content.release?.id ?? "by content";
  const { app, namespace } = content;
  const { bake, timeout, maxFailures } = wave;
  const clusters = gatedClusters(wave.clusters, lists, wave).map(withoutRollout);
  const args = { app, namespace, wave: wave.name, release, clusters, bake, timeout, maxFailures };
  return new Gate(`${name}/gate/${wave.name}`, args, { parent, dependsOn: [...gates] });
}

/** The agent has said that what it applied is healthy; what it could not be asked for is no failure of the last wave. */
function withoutRollout(cluster: GatedCluster): GatedCluster {
  return { ...cluster, checks: cluster.checks.filter(({ check }) => check !== "rolloutReady") };
}

/** Of the gate, so that it is known only when the cluster is live. */
function recordOf(
  gate: SyncGate,
  {
    record,
    contentHash,
  }: { record: { readonly [field: string]: unknown }; contentHash: pulumi.Output<string> },
  wave: string,
): pulumi.Output<PulledRecord> {
  const data = pulumi.output(record.data as Readonly<Record<string, pulumi.Input<string>>>);
  return pulumi
    .all([gate.result, gate.message, contentHash, data])
    .apply(([result, message, hash, entries]) => {
      return { release: entries.release ?? "", contentHash: hash, wave, result, message };
    });
}
