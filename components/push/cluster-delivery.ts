import * as pulumi from "@pulumi/pulumi";
import { createClusterProvider } from "../clusters";
import type { ClusterTarget } from "../clusters";
import { APPLY_STAGES, podSecurityLevel, stageOf } from "../manifests";
import type { Manifest } from "../manifests";
import type { PushDeliveryPlan } from "./args";
import type { ClusterList } from "./cluster-list";
import { namespaceManifests } from "./namespace";
import { createObject } from "./object";
import type { KubernetesObject } from "./object";

/** What one cluster of a delivery is told to run. */
export interface ClusterDeliveryArgs {
  readonly plan: PushDeliveryPlan;
  readonly target: ClusterTarget;
  readonly list: ClusterList;
  /** What has to be done before anything of this cluster is touched. */
  readonly after: readonly pulumi.Resource[];
}

/** One cluster's part: its namespace, its objects stage by stage, then the record. */
export class ClusterDelivery extends pulumi.ComponentResource {
  /** SHA-256 in hex of the objects without the record. */
  public readonly contentHash: pulumi.Output<string>;
  /** The record, there once everything else in this cluster is. */
  public readonly record: KubernetesObject;

  constructor(name: string, args: ClusterDeliveryArgs, opts: pulumi.ComponentResourceOptions) {
    const { plan, target, list, after } = args;
    const provider = createClusterProvider(name, target, { ...opts });
    super("delivery:push:ClusterDelivery", name, {}, { ...opts, providers: [provider] });
    const create = (manifest: Manifest, dependsOn: readonly pulumi.Resource[]): KubernetesObject =>
      createObject(name, manifest, { parent: this, dependsOn: [...dependsOn], ...keeping(manifest) });
    this.contentHash = list.contentHash;
    const namespace = namespaceManifests(plan.namespace, podSecurityLevel(list.objects));
    const last = createStages(create, [namespace, ...staged(list.objects)], after);
    this.record = create(list.record, last);
    this.registerOutputs({ contentHash: this.contentHash });
  }
}

type Create = (manifest: Manifest, dependsOn: readonly pulumi.Resource[]) => KubernetesObject;

/** Every stage waits for all of the one before it. Returns all that was created. */
function createStages(
  create: Create,
  stages: readonly (readonly Manifest[])[],
  after: readonly pulumi.Resource[],
): pulumi.Resource[] {
  const created: pulumi.Resource[] = [];
  let before = after;
  for (const stage of stages.filter((manifests) => manifests.length > 0)) {
    before = stage.map((manifest) => create(manifest, before));
    created.push(...before);
  }
  return created;
}

function staged(objects: readonly Manifest[]): Manifest[][] {
  return APPLY_STAGES.map((stage) => objects.filter((object) => stageOf(object) === stage));
}

/** A namespace may hold what others put there, so a destroyed stack leaves it. */
function keeping({ kind }: Manifest): pulumi.CustomResourceOptions {
  return kind === "Namespace" ? { retainOnDelete: true } : {};
}
