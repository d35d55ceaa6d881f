import * as pulumi from "@pulumi/pulumi";
import { clusterFolder, createVerifiedMark, GitCommit, ledgerBranch } from "../ledger";
import type { GitCommitArgs } from "../ledger";
import { canonicalJson } from "../manifests";
import type { Manifest } from "../manifests";
import { manifestFileName } from "../manifests/files";
import { toYaml } from "../manifests/yaml";
import { contentHash } from "../release";
import type { PushDeliveryPlan } from "./args";
import type { ClusterList } from "./cluster-list";
import type { ClusterLists } from "./render";
import type { SettledCluster, SettledClusters } from "./settling";
import type { WaveArgs } from "./waves";

/** Where a delivery records what every cluster has been told to run. */
export type LedgerArgs = Pick<
  GitCommitArgs,
  "repository" | "access" | "author" | "signing" | "pullRequest" | "teardown" | "allow"
> & {
  /** @default `deploy/<app>/<stack>` */
  readonly branch?: string;
};

/** A push changes the clusters in the same run: nothing would be left to be reviewed. */
export const NO_REVIEW =
  "a push applies at once, so there is nothing to review: leave it out and let these credentials push to the branch, or deliver by agents";

/** Problems of a ledger that are a push's alone. */
export function checkPushLedger({ ledger }: Pick<PushDeliveryPlan, "ledger">): string[] {
  return ledger?.pullRequest === undefined ? [] : [`ledger.pullRequest is given, and ${NO_REVIEW}`];
}

/** A delivery that is recorded. */
export type RecordedPlan = PushDeliveryPlan & { readonly ledger: LedgerArgs };

/** The branch that a delivery is recorded on. */
export function branchOf({ app, ledger }: RecordedPlan): string {
  return ledger.branch ?? ledgerBranch(app, pulumi.getStack());
}

/**
 * Puts the one commit of a wave in the preview, before anything of the wave: what a cluster was told is known even
 * when applying it fails. Returns what the wave's clusters wait for.
 */
export function createWaveCommit(
  name: string,
  plan: PushDeliveryPlan,
  args: WaveArgs,
  parent: pulumi.Resource,
): WaveCommit {
  const { ledger } = plan;
  const { wave, settled, after } = args;
  const told = wave.clusters.map((cluster) => cluster.name).filter((cluster) => settled.get(cluster)!.isTold);
  if (ledger === undefined || told.length === 0) return { after, told: undefined };
  const touched = told.filter((cluster) => !settled.get(cluster)!.isUntouched);
  const lists = new Map(told.map((cluster) => [cluster, settled.get(cluster)!.list]));
  const commit = createCommit(name, { ...plan, ledger }, { wave: wave.name, lists, touched, after }, parent);
  return { after: [commit], told: commit.commit };
}

/** What one commit tells. */
export interface CommitArgs {
  /** Name of the wave. */
  readonly wave: string;
  /** What its clusters are told, by cluster: its folders are these and no others. */
  readonly lists: ClusterLists;
  /** Those that are told something else than before; the others keep their folders. @default all of them */
  readonly touched?: readonly string[];
  readonly after: readonly pulumi.Resource[];
}

/** Puts the one commit of a wave in the preview. */
export function createCommit(
  name: string,
  plan: RecordedPlan,
  { wave, lists, touched = [...lists.keys()], after }: CommitArgs,
  parent: pulumi.Resource,
): GitCommit {
  const clusters = [...lists.keys()];
  const named = touched.length > 0 ? touched : clusters;
  const args = {
    ...plan.ledger,
    branch: branchOf(plan),
    prefixes: clusters.map(clusterFolder),
    files: Object.assign(
      {},
      ...clusters.map((cluster) => filesOf(cluster, lists.get(cluster)!)),
    ) as GitCommitArgs["files"],
    message: messageOf(plan, named, lists),
  };
  return new GitCommit(`${name}/ledger/${wave}`, args, { parent, dependsOn: [...after] });
}

/** What the wave's clusters wait for, and the commit that tells them; without a ledger none does. */
export interface WaveCommit {
  readonly after: readonly pulumi.Resource[];
  readonly told: pulumi.Output<string> | undefined;
}

/** Waves that were created, as the mark needs them. */
export interface ToldWaves {
  readonly told: Readonly<Record<string, pulumi.Output<string> | undefined>>;
  readonly gates: readonly pulumi.Resource[];
  /** By wave, clusters that failed and were let through, with the reason. */
  readonly failed: readonly pulumi.Output<Readonly<Record<string, string>>>[];
  /** Clusters that were not seen to run it. @default none */
  readonly waiting?: pulumi.Output<readonly string[]>;
  /** Content hash of what each cluster runs now, by cluster. */
  readonly clusters: Readonly<Record<string, pulumi.Input<string>>>;
  /** Content hash of what each cluster ran when it had succeeded last, by cluster. @default none */
  readonly before?: Readonly<Record<string, string>>;
  /** Clusters that were told the release and are held at another one since. @default none */
  readonly takenBack?: readonly string[];
  /** UID of `kube-system` of each cluster, as far as it is known. @default none */
  readonly identities?: Readonly<Record<string, string>>;
  /** Folders that are removed with it. @default none */
  readonly retired?: readonly string[];
}

/** Puts the mark in the preview that says, once the last gate has passed, that all of it has succeeded. */
export function createPlanMark(
  name: string,
  plan: PushDeliveryPlan,
  { told, gates, clusters, failed, ...kept }: ToldWaves,
  parent: pulumi.Resource,
): void {
  if (plan.ledger === undefined) return;
  createVerifiedMark(
    `${name}/ledger/verified`,
    {
      ...{
        ledger: { ...plan.ledger, branch: branchOf({ ...plan, ledger: plan.ledger }) },
        app: plan.app,
        release: plan.release,
      },
      ...{ told: told as Record<string, pulumi.Output<string>>, clusters, ...kept },
      failed: pulumi
        .all([...failed])
        .apply((waves) => waves.flatMap((reasons) => Object.keys(reasons ?? {})).sort()),
    },
    { parent, dependsOn: [...gates] },
  );
}

/** What every cluster runs when a delivery is done, and which one it is: what is left as it was keeps its last mark. */
export function markedClusters(
  settled: SettledClusters,
): Pick<ToldWaves, "clusters" | "before" | "identities"> {
  const hashes = [...settled].map(([cluster, { list, isTold, isUncertain, told }]) => {
    const hash = isTold && !isUncertain ? list.contentHash : told?.verified;
    return [cluster, hash] as const;
  });
  const uids = [...settled].map(([cluster, { uid }]) => [cluster, uid] as const);
  const before = [...settled].map(([cluster, { told }]) => [cluster, told?.verified] as const);
  return { clusters: given(hashes), before: given(before), identities: given(uids) };
}

/**
 * The clusters that were told this release and are held at another one now, since it failed there or somebody brought them
 * back: what the others run is not verified by that. One that is held and never had it says nothing of it.
 */
export function takenBackFrom(
  { release }: Pick<PushDeliveryPlan, "release">,
  settled: SettledClusters,
): string[] {
  const had = ({ state, told }: SettledCluster): boolean =>
    state === "held" &&
    told?.pinned?.release !== release?.id &&
    [told?.list?.release, told?.previous].includes(release?.id);
  return release === undefined ? [] : [...settled].filter(([, one]) => had(one)).map(([cluster]) => cluster);
}

function given<T>(entries: readonly (readonly [string, T | undefined])[]): Record<string, T> {
  return Object.fromEntries(entries.filter((entry): entry is readonly [string, T] => entry[1] !== undefined));
}

/** Every object of a cluster as a file of its own, the record included: what an agent would apply is the same. */
function filesOf(cluster: string, list: ClusterList): Record<string, pulumi.Input<string>> {
  const { objects, record } = list;
  if (list.files !== undefined) {
    const kept = Object.entries(list.files).map(([path, text]) => [
      `${clusterFolder(cluster)}/${path}`,
      text,
    ]);
    return Object.fromEntries(kept) as Record<string, string>;
  }
  const files = [...objects, record].map((object) => {
    const path = `${clusterFolder(cluster)}/${manifestFileName(object)}`;
    return [path, pulumi.output(object).apply((resolved) => toYaml([resolved as Manifest]))] as const;
  });
  return Object.fromEntries(files);
}

function messageOf(
  { app, release, override }: PushDeliveryPlan,
  clusters: readonly string[],
  lists: ClusterLists,
): GitCommitArgs["message"] {
  const hashes = Object.fromEntries(clusters.map((cluster) => [cluster, lists.get(cluster)!.contentHash]));
  const of = release?.id ?? app;
  const subject = `deploy ${of} to ${clusters.join(", ")}`;
  const hash = pulumi.output(hashes).apply((resolved) => contentHash([canonicalJson(resolved)]));
  if (release === undefined) return { subject, contentHash: hash };
  return { subject, release: release.id, contentHash: hash, sourceCommit: release.commit, override };
}
