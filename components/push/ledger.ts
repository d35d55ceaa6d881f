import * as pulumi from "@pulumi/pulumi";
import { clusterFolder, GitCommit } from "../ledger";
import type { GitCommitArgs } from "../ledger";
import { canonicalJson } from "../manifests";
import type { Manifest } from "../manifests";
import { manifestFileName } from "../manifests/files";
import { toYaml } from "../manifests/yaml";
import { contentHash } from "../release";
import type { PushDeliveryPlan } from "./args";
import type { WaveArgs } from "./waves";

/** Where a delivery records what every cluster has been told to run. */
export type LedgerArgs = Pick<
  GitCommitArgs,
  "repository" | "access" | "author" | "signing" | "teardown" | "allow"
> & {
  /** @default `deploy/<app>/<stack>` */
  readonly branch?: string;
};

/**
 * Puts the one commit of a wave in the preview, before anything of the wave: what a cluster was told is known even
 * when applying it fails. Returns what the wave's clusters wait for.
 */
export function createWaveCommit(
  name: string,
  plan: PushDeliveryPlan,
  { wave, lists, after }: WaveArgs,
  parent: pulumi.Resource,
): readonly pulumi.Resource[] {
  if (plan.ledger === undefined) return after;
  const clusters = wave.clusters.map((cluster) => cluster.name);
  const args = {
    ...plan.ledger,
    branch: plan.ledger.branch ?? `deploy/${plan.app}/${pulumi.getStack()}`,
    prefixes: clusters.map(clusterFolder),
    files: Object.assign({}, ...clusters.map((cluster) => filesOf(cluster, lists))) as GitCommitArgs["files"],
    message: messageOf(plan, clusters, lists),
  };
  return [new GitCommit(`${name}/ledger/${wave.name}`, args, { parent, dependsOn: [...after] })];
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
  { app, release }: PushDeliveryPlan,
  clusters: readonly string[],
  lists: WaveArgs["lists"],
): GitCommitArgs["message"] {
  const hashes = Object.fromEntries(clusters.map((cluster) => [cluster, lists.get(cluster)!.contentHash]));
  const of = release?.id ?? app;
  const subject = `deploy ${of} to ${clusters.join(", ")}`;
  const hash = pulumi.output(hashes).apply((resolved) => contentHash([canonicalJson(resolved)]));
  if (release === undefined) return { subject, contentHash: hash };
  return { subject, release: release.id, contentHash: hash, sourceCommit: release.commit };
}
