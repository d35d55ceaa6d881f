import { checkManifests, inApplyOrder, objectKey, objectTitle, placed } from "../manifests";
import { isLate, leafPaths } from "../manifests/late";
import type { Manifest, Placement } from "../manifests";
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
 * Give it what {@link checkManifests} found no problem in.
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
  placement: Placement,
  release: Release,
  settings?: unknown,
): Rendered {
  throwIfAny(`Manifests of ${placement.app}`, [
    ...checkManifests(manifests, placement),
    ...checkKnown(manifests),
  ]);
  const objects = renderObjects(manifests, placement);
  const hash = contentHash(objects);
  const { id, commit, images } = release;
  const { app, namespace } = placement;
  const made = { release: id, commit, images, contentHash: hash, settings: settingsHash(settings) };
  return { objects: [...objects, recordManifest({ app, namespace, ...made })], contentHash: hash };
}

/** A list that is published has to be the same bytes each time, so nothing in it may be known only later. */
function checkKnown(manifests: readonly Manifest[]): string[] {
  if (!Array.isArray(manifests)) return [];
  return manifests.flatMap((manifest: Manifest) =>
    leafPaths(manifest, isLate).map((path) => {
      const fix = "give a plain value, or keep it in a Secret beside the list";
      return `${objectTitle(manifest)}: ${path} is known only later; ${fix}`;
    }),
  );
}
