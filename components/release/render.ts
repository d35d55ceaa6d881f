import { checkList, inApplyOrder, objectKey, placed } from "../manifests";
import type { ListPlace, Manifest, Placement } from "../manifests";
import { throwIfAny } from "../mistake";
import { contentHash } from "./content-hash";
import { recordManifest, settingsHash } from "./record";
import type { Release } from "./release";

/** What one cluster is told to run. */
export interface Rendered {
  /** In the order in which they are applied; the record is the last one. */
  readonly objects: readonly Manifest[];
  /** Of the objects without the record. */
  readonly contentHash: string;
}

/**
 * The objects as a cluster gets them: in their namespace, labelled, ordered, without the record.
 * Give it what {@link checkList} found no problem in.
 */
export function renderObjects(manifests: readonly Manifest[], placement: Placement): Manifest[] {
  return inListOrder(manifests.map((manifest) => placed(manifest, placement)));
}

/**
 * The order of a list: by stage, then by group, kind, namespace and name. It follows from the objects alone, so files
 * that were written from a list give it back, and an object that is declared elsewhere changes nothing.
 */
export function inListOrder(objects: readonly Manifest[]): Manifest[] {
  const keyed = objects.map((object) => ({ object, key: objectKey(object) }));
  return inApplyOrder(keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ object }) => object));
}

/**
 * The whole list for one cluster, with the record of the release at its end. The same input gives the same bytes.
 *
 * @param settings what the environment's `delivery:config` says; the record keeps a hash of it.
 * @throws Mistake with every problem of every object.
 */
export function renderList(
  manifests: readonly Manifest[],
  place: ListPlace,
  release: Release,
  settings?: unknown,
): Rendered {
  throwIfAny(`Manifests of ${place.app}`, checkList(manifests, { ...place, lateAllowed: false }));
  const objects = renderObjects(manifests, place);
  const hash = contentHash(objects);
  const { id, commit, images } = release;
  const { app, namespace } = place;
  const made = { release: id, commit, images, contentHash: hash, settings: settingsHash(settings) };
  return { objects: [...objects, recordManifest({ app, namespace, ...made })], contentHash: hash };
}
