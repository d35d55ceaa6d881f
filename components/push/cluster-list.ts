import * as pulumi from "@pulumi/pulumi";
import { imagesOf, isSkippedOnRollback } from "../manifests";
import type { Manifest } from "../manifests";
import { contentHash, recordManifest } from "../release";
import type { RecordArgs } from "../release";
import type { PushDeliveryPlan } from "./args";

/** What one cluster is told to run. */
export interface ClusterList {
  /** In the order in which they are applied, without the record. */
  readonly objects: readonly Manifest[];
  /** Those of them that are applied now: on the way back not every migration is. The bytes of a release stay the same. */
  readonly applied: readonly Manifest[];
  /** SHA-256 in hex of the objects. */
  readonly contentHash: pulumi.Output<string>;
  /** The object that is applied last. */
  readonly record: Manifest;
  /** The bytes as the ledger has them, by path in the cluster's folder, where the list is from there. */
  readonly files?: Readonly<Record<string, string>>;
}

/** The objects with their hash and their record. */
export function clusterList(plan: PushDeliveryPlan, objects: readonly Manifest[]): ClusterList {
  const hash = pulumi.output(objects).apply((resolved) => contentHash(resolved));
  const applied = objects.filter((object) => !(isSkippedOnRollback(object) && plan.isWayBack()));
  return { objects, applied, contentHash: hash, record: recordManifest(recordArgs(plan, objects, hash)) };
}

function recordArgs(
  plan: PushDeliveryPlan,
  objects: readonly Manifest[],
  hash: pulumi.Output<string>,
): RecordArgs {
  const { app, namespace, release, settings } = plan;
  if (release === undefined) {
    const id = hash.apply((text) => `${app}-${text.slice(0, CONTENT_ID_LENGTH)}`);
    return { app, namespace, release: id, images: imagesByContainer(objects), contentHash: hash, settings };
  }
  const { id, commit, images } = release;
  return { app, namespace, release: id, commit, images, contentHash: hash, settings };
}

/** Hex digits of the content hash that name a release which no pipeline made. */
const CONTENT_ID_LENGTH = 12;

function imagesByContainer(objects: readonly Manifest[]): Record<string, pulumi.Input<string>> {
  const fields = objects.flatMap(imagesOf);
  return Object.fromEntries(fields.map(({ container, image }) => [container, image as pulumi.Input<string>]));
}
