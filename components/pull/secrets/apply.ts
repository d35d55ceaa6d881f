import * as pulumi from "@pulumi/pulumi";
import { groupOf, objectKey } from "../../manifests";
import type { Manifest } from "../../manifests";
import { clusterList } from "../../push/cluster-list";
import type { ClusterList } from "../../push/cluster-list";
import type { ClusterLists } from "../../push/render";
import type { SettledClusters } from "../../push/settling";
import type { PullDeliveryPlan } from "../args";
import { Generated } from "../host/generated";
import { Sealed } from "./sealed";

/** A delivery whose Secrets are where they may be. */
export interface ServedSecrets {
  /** What is published: no Secret in it can be read. */
  readonly lists: ClusterLists;
  /** What the program applies itself, by cluster. */
  readonly direct: ReadonlyMap<string, readonly Manifest[]>;
  /** The private half of the stack's key, by which the agents decrypt; undefined when nothing is encrypted. */
  readonly identity: pulumi.Output<string> | undefined;
}

/** What was rendered, and what each cluster is told of it: one that is held gets an older list, without Secrets to read. */
export interface RenderedPull {
  readonly lists: ClusterLists;
  readonly settled: SettledClusters;
}

/** Takes the Secrets out of what is published, or encrypts them there. */
export function serveSecrets(
  name: string,
  plan: PullDeliveryPlan,
  { lists: rendered, settled }: RenderedPull,
  parent: pulumi.Resource,
): ServedSecrets {
  const lists = new Map([...settled].map(([cluster, { list }]) => [cluster, list] as const));
  const none = { lists, direct: new Map<string, readonly Manifest[]>(), identity: undefined };
  const { secrets } = plan.settings;
  switch (secrets) {
    case "refuse":
      return none;
    case "direct":
      return { ...none, lists: takenOut(plan, lists), direct: plainSecrets(rendered) };
    case "sops":
      return { ...none, ...seal(name, plan, lists, parent) };
    default:
      return secrets satisfies never;
  }
}

function takenOut(plan: PullDeliveryPlan, lists: ClusterLists): ClusterLists {
  const kept = [...lists].map(
    ([cluster, list]) => [cluster, withObjects(plan, list, list.objects.filter(isOther))] as const,
  );
  return new Map(kept);
}

function plainSecrets(lists: ClusterLists): ServedSecrets["direct"] {
  return new Map([...lists].map(([cluster, { objects }]) => [cluster, objects.filter(isPlainSecret)]));
}

function seal(
  name: string,
  plan: PullDeliveryPlan,
  lists: ClusterLists,
  parent: pulumi.Resource,
): Pick<ServedSecrets, "lists" | "identity"> {
  const comment = `${plan.content.app}/${pulumi.getStack()}`;
  const key = new Generated(`${name}/age-key`, { form: "age-key", comment }, { parent });
  const sealed = [...lists].map(([cluster, list]) => {
    const objects = list.objects.map((manifest) =>
      isPlainSecret(manifest) ? sealedManifest(`${name}/${cluster}`, manifest, key.public, parent) : manifest,
    );
    return [cluster, withObjects(plan, list, objects)] as const;
  });
  return { lists: new Map(sealed), identity: key.secret };
}

/** Everything else of it stays to be read: its name, its labels, the names of its entries. */
function sealedManifest(
  scope: string,
  manifest: Manifest,
  recipient: pulumi.Output<string>,
  parent: pulumi.Resource,
): Manifest {
  const { fields } = new Sealed(
    `${scope}/sealed/${objectKey(manifest)}`,
    { manifest, recipient },
    { parent },
  );
  const parts = ["data", "stringData"].filter((part) => manifest[part] !== undefined);
  const late = [...parts, "sops"].map(
    (part) => [part, fields.apply((made) => made[part as keyof typeof made])] as const,
  );
  return { ...manifest, ...Object.fromEntries(late) };
}

/** Hash and record are those of what is published. */
function withObjects(
  { content }: PullDeliveryPlan,
  list: ClusterList,
  objects: readonly Manifest[],
): ClusterList {
  return objects.length === list.objects.length &&
    objects.every((object, index) => object === list.objects[index])
    ? list
    : clusterList(content, objects);
}

/** One that somebody has encrypted before goes to Git as it is. */
function isPlainSecret(manifest: Manifest): boolean {
  return manifest.kind === "Secret" && groupOf(manifest) === "" && manifest.sops === undefined;
}

const isOther = (manifest: Manifest): boolean => !isPlainSecret(manifest);
