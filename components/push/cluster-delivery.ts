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
import { leftToGate } from "./waiting";

/** What one cluster of a delivery is told to run. */
export interface ClusterDeliveryArgs {
  readonly plan: PushDeliveryPlan;
  readonly target: ClusterTarget;
  readonly list: ClusterList;
  /** What has to be done before anything of this cluster is touched. */
  readonly after: readonly pulumi.Resource[];
  /** Whether a gate waits for its workloads, and not the plugin. */
  readonly isGated: boolean;
}

/** One cluster's part: its namespace, its objects stage by stage, then, behind the gate, the record. */
export class ClusterDelivery extends pulumi.ComponentResource {
  /** Name of the cluster. */
  public readonly cluster: string;
  /** SHA-256 in hex of the objects without the record. */
  public readonly contentHash: pulumi.Output<string>;
  /** What is there when all of it is, the record excepted: the last stage, which waits for those before it. */
  public readonly applied: readonly pulumi.Resource[];
  readonly #createRecord: (gate: pulumi.Resource) => KubernetesObject;
  #record: KubernetesObject | undefined;

  constructor(name: string, args: ClusterDeliveryArgs, opts: pulumi.ComponentResourceOptions) {
    const { plan, target, list, after, isGated } = args;
    const provider = createClusterProvider(name, target, { ...opts });
    super("delivery:push:ClusterDelivery", name, {}, { ...opts, providers: [provider] });
    const create = (manifest: Manifest, dependsOn: readonly pulumi.Resource[]): KubernetesObject => {
      const object = isGated ? leftToGate(manifest) : manifest;
      return createObject(name, object, { parent: this, dependsOn: [...dependsOn], ...keeping(manifest) });
    };
    this.cluster = target.name;
    this.contentHash = list.contentHash;
    const namespace = namespaceManifests(plan.namespace, podSecurityLevel(list.objects));
    const created = createStages(create, [namespace, ...staged(list.objects)], after);
    this.applied = created.last;
    this.#createRecord = (gate) => create(list.record, [...created.all, gate]);
    this.registerOutputs({ contentHash: this.contentHash });
  }

  /** Puts the record in the preview, behind the gate of the cluster: what it names has passed. */
  createRecord(gate: pulumi.Resource): void {
    this.#record = this.#createRecord(gate);
  }

  /** The record, there once everything in this cluster is as wanted. */
  get record(): KubernetesObject {
    return this.#record!;
  }
}

type Create = (manifest: Manifest, dependsOn: readonly pulumi.Resource[]) => KubernetesObject;

/** Every stage waits for all of the one before it. */
function createStages(
  create: Create,
  stages: readonly (readonly Manifest[])[],
  after: readonly pulumi.Resource[],
): { readonly all: readonly pulumi.Resource[]; readonly last: readonly pulumi.Resource[] } {
  const all: pulumi.Resource[] = [];
  let before = after;
  for (const stage of stages.filter((manifests) => manifests.length > 0)) {
    before = stage.map((manifest) => create(manifest, before));
    all.push(...before);
  }
  return { all, last: before };
}

function staged(objects: readonly Manifest[]): Manifest[][] {
  return APPLY_STAGES.map((stage) => objects.filter((object) => stageOf(object) === stage));
}

/** A namespace may hold what others put there, so a destroyed stack leaves it. */
function keeping({ kind }: Manifest): pulumi.CustomResourceOptions {
  return kind === "Namespace" ? { retainOnDelete: true } : {};
}
