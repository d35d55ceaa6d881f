import * as pulumi from "@pulumi/pulumi";
import { createClusterProvider, formerAliases } from "../clusters";
import type { ClusterTarget } from "../clusters";
import { objectKey, podSecurityLevel } from "../manifests";
import type { Manifest } from "../manifests";
import type { PushDeliveryPlan } from "./args";
import type { ClusterList } from "./cluster-list";
import { forced } from "./force";
import { namespaceManifests } from "./namespace";
import { createObject, versionAliases } from "./object";
import type { KubernetesObject } from "./object";
import { retried, sharedRuns } from "./migrations";
import { isPullSecret, pullSecretManifest } from "./pull-secret";
import type { SettledCluster } from "./settling";
import { createStages, staged } from "./stages";
import { timeoutFor } from "./unreachable";
import { leftToGate } from "./waiting";

/** What one cluster of a delivery is told to run. */
export interface ClusterDeliveryArgs {
  readonly plan: PushDeliveryPlan;
  readonly target: ClusterTarget;
  /** What it is told, and what else of it is declared. */
  readonly settled: SettledCluster;
  /** What has to be done before anything of this cluster is touched. */
  readonly after: readonly pulumi.Resource[];
  /** Whether a gate waits for its workloads, and not the plugin. */
  readonly isGated: boolean;
  /** Whether everything of it stays in the cluster when it leaves the program. @default false */
  readonly isOrphan?: boolean;
}

/** One cluster's part: its namespace, its objects stage by stage, then, behind the gate, the record. */
export class ClusterDelivery extends pulumi.ComponentResource {
  /** Name of the cluster. */
  public readonly cluster: string;
  /** SHA-256 in hex of the objects without the record. */
  public readonly contentHash: pulumi.Output<string>;
  /** What is there when all of it is, the record excepted: the last stage, which waits for those before it. */
  public readonly applied: readonly pulumi.Resource[];
  /** Migrations that it runs for every cluster of the environment. */
  public readonly sharedRuns: readonly pulumi.Resource[];
  readonly #createRecord: (behind: readonly pulumi.Resource[]) => KubernetesObject;
  #record: KubernetesObject | undefined;

  constructor(name: string, args: ClusterDeliveryArgs, opts: pulumi.ComponentResourceOptions) {
    const { plan, target, settled, after, isGated, isOrphan = false } = args;
    const { list } = settled;
    const aliases = formerAliases(name, target);
    const provider = createClusterProvider(name, target, { ...opts, aliases }, timeoutFor(settled));
    super("delivery:push:ClusterDelivery", name, {}, { ...opts, aliases, providers: [provider] });
    const before = new Map(settled.told?.list?.objects.map((object) => [objectKey(object), object]));
    const create = (manifest: Manifest, dependsOn: readonly pulumi.Resource[]): KubernetesObject => {
      const object = forced(retried(isGated ? leftToGate(manifest) : manifest), plan.force);
      const kept = isOrphan ? { retainOnDelete: true } : keeping(manifest);
      const versions = versionAliases(manifest, before.get(objectKey(manifest)));
      const options = { ...kept, ...ignoring(settled, manifest), aliases: versions };
      return createObject(name, object, { parent: this, dependsOn: [...dependsOn], ...options });
    };
    this.cluster = target.name;
    this.contentHash = list.contentHash;
    const created = createStages(create, stagesOf(plan, list), after);
    for (const manifest of settled.leaving) create(manifest, after);
    this.applied = created.last;
    this.sharedRuns = sharedRuns(created.objects);
    this.#createRecord = (behind) => create(list.record, behind);
    this.registerOutputs({ contentHash: this.contentHash });
  }

  /** Puts the record in the preview, behind the gate of the cluster: what it names is applied and has passed. */
  createRecord(...behind: readonly pulumi.Resource[]): void {
    this.#record = this.#createRecord(behind);
  }

  /** The record, there once everything in this cluster is as wanted. */
  get record(): KubernetesObject {
    return this.#record!;
  }
}

/** What is made beside the list comes first: the pods of the list need it. */
function stagesOf(
  { namespace, pullSecrets }: PushDeliveryPlan,
  { objects, applied }: ClusterList,
): Manifest[][] {
  const beside = pullSecrets.map((secret) => pullSecretManifest(namespace, secret));
  return [namespaceManifests(namespace, podSecurityLevel(objects)), beside, ...staged(applied)];
}

/**
 * A namespace may hold what others put there, and with a definition all objects of its kind would go: neither is deleted,
 * whether the stack is destroyed or a release no longer has it.
 */
function keeping({ kind }: Manifest): pulumi.CustomResourceOptions {
  return KEPT_KINDS.includes(kind) ? { retainOnDelete: true } : {};
}

const KEPT_KINDS = ["Namespace", "CustomResourceDefinition"];

/**
 * The state knows better than the ledger what a cluster has that failed in the middle and is gone, and the ledger does not
 * know what is made beside the list.
 */
function ignoring(
  { isUncertain, isUntouched }: SettledCluster,
  manifest: Manifest,
): pulumi.CustomResourceOptions {
  return isUncertain || (isUntouched && isPullSecret(manifest)) ? { ignoreChanges: ["*"] } : {};
}
