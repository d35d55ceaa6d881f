import * as pulumi from "@pulumi/pulumi";
import { clusterFolder, createVerifiedMark, GitCommit } from "../ledger";
import type { GitCommitArgs } from "../ledger";
import { canonicalJson } from "../manifests";
import type { Manifest } from "../manifests";
import { manifestFileName } from "../manifests/files";
import { toYaml } from "../manifests/yaml";
import { contentHash } from "../release";
import type { PushDeliveryPlan } from "./args";
import type { ClusterLists } from "./render";
import type { WaveArgs } from "./waves";

/** Where a delivery records what every cluster has been told to run. */
export type LedgerArgs = Pick<
  GitCommitArgs,
  "repository" | "access" | "author" | "signing" | "teardown" | "allow"
> & {
  /** @default `deploy/<app>/<stack>` */
  readonly branch?: string;
};

/** A delivery that is recorded. */
export type RecordedPlan = PushDeliveryPlan & { readonly ledger: LedgerArgs };

/** The branch that a delivery is recorded on. */
export function branchOf({ app, ledger }: RecordedPlan): string {
  return ledger.branch ?? `deploy/${app}/${pulumi.getStack()}`;
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
  if (ledger === undefined) return { after: args.after, told: undefined };
  const commit = createCommit(name, { ...plan, ledger }, args, parent);
  return { after: [commit], told: commit.commit };
}

/** Puts the one commit of a wave in the preview. */
export function createCommit(
  name: string,
  plan: RecordedPlan,
  { wave, lists, after }: WaveArgs,
  parent: pulumi.Resource,
): GitCommit {
  const clusters = wave.clusters.map((cluster) => cluster.name);
  const args = {
    ...plan.ledger,
    branch: branchOf(plan),
    prefixes: clusters.map(clusterFolder),
    files: Object.assign({}, ...clusters.map((cluster) => filesOf(cluster, lists))) as GitCommitArgs["files"],
    message: messageOf(plan, clusters, lists),
  };
  return new GitCommit(`${name}/ledger/${wave.name}`, args, { parent, dependsOn: [...after] });
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
  readonly lists: ClusterLists;
}

/** Puts the mark in the preview that says, once the last gate has passed, that all of it has succeeded. */
export function createPlanMark(
  name: string,
  plan: PushDeliveryPlan,
  { told, gates, lists }: ToldWaves,
  parent: pulumi.Resource,
): void {
  if (plan.ledger === undefined) return;
  const clusters = [...lists].map(([cluster, { contentHash: hash }]) => [cluster, hash] as const);
  createVerifiedMark(
    `${name}/ledger/verified`,
    {
      ...{
        ledger: { ...plan.ledger, branch: branchOf({ ...plan, ledger: plan.ledger }) },
        app: plan.app,
        release: plan.release,
      },
      ...{ told: told as Record<string, pulumi.Output<string>>, clusters: Object.fromEntries(clusters) },
    },
    { parent, dependsOn: [...gates] },
  );
}

/** Every object of a cluster as a file of its own, the record included: what an agent would apply is the same. */
function filesOf(cluster: string, lists: WaveArgs["lists"]): Record<string, pulumi.Input<string>> {
  const { objects, record } = lists.get(cluster)!;
  const files = [...objects, record].map((object) => {
    const path = `${clusterFolder(cluster)}/${manifestFileName(object)}`;
    return [path, pulumi.output(object).apply((resolved) => toYaml([resolved as Manifest]))] as const;
  });
  return Object.fromEntries(files);
}

function messageOf(
  { app, release, override }: PushDeliveryPlan,
  clusters: readonly string[],
  lists: WaveArgs["lists"],
): GitCommitArgs["message"] {
  const hashes = Object.fromEntries(clusters.map((cluster) => [cluster, lists.get(cluster)!.contentHash]));
  const of = release?.id ?? app;
  const subject = `deploy ${of} to ${clusters.join(", ")}`;
  const hash = pulumi.output(hashes).apply((resolved) => contentHash([canonicalJson(resolved)]));
  if (release === undefined) return { subject, contentHash: hash };
  return { subject, release: release.id, contentHash: hash, sourceCommit: release.commit, override };
}
