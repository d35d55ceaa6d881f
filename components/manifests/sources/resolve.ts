import { Mistake, throwIfAny } from "../../mistake";
import { canonicalJson } from "../canonical";
import type { Manifest } from "../manifest";
import { overlaid, transformedBy } from "../overlay";
import type { KindTransform, Overlay } from "../overlay";
import { isSource, sourceTitle } from "./args";
import type { ManifestEntry, ManifestsFrom } from "./args";
import { readChart } from "./helm";
import type { HelmPlace } from "./helm";
import { withImages } from "./images";
import type { ImageRefs } from "./images";
import { readKustomization } from "./kustomize";
import { readYamlFiles } from "./yaml-files";

/** What sources are resolved with. */
export interface SourcePlace extends HelmPlace {
  /** The release's images: they replace those of the same name in what is read. */
  readonly images: ImageRefs;
  /** What is laid over the objects, the first one first. @default none */
  readonly overlays?: readonly Overlay[];
  /** Changes the objects of a kind, after every overlay. @default none */
  readonly transform?: KindTransform;
  /** What was read before, for a run that renders many clusters. */
  readonly known?: Map<string, readonly Manifest[]>;
}

/**
 * The list with the objects of every source in its place, with overlays and transforms on all of them. It runs kubectl and helm and waits for them, so that all
 * objects are known before the first resource is declared.
 *
 * @throws Mistake with the problems of every source.
 */
export function resolveManifests(entries: readonly ManifestEntry[], place: SourcePlace): readonly Manifest[] {
  if (!Array.isArray(entries)) return entries as readonly Manifest[];
  const problems: string[] = [];
  const resolved = entries.flatMap((entry: ManifestEntry): readonly Manifest[] => {
    if (!isSource(entry)) return [entry];
    try {
      return readOnce(entry, place).map((manifest) => withImages(manifest, place.images));
    } catch (error) {
      if (!(error instanceof Mistake)) throw error;
      problems.push(...error.problems.map((problem) => `${sourceTitle(entry)}: ${problem}`));
      return [];
    }
  });
  throwIfAny("Reading manifests", problems);
  const { overlays = [], transform = {} } = place;
  return transformedBy(overlaid(resolved, overlays), transform);
}

function readOnce(source: ManifestsFrom, place: SourcePlace): readonly Manifest[] {
  const { root, namespace, kubernetesVersion } = place;
  const key = canonicalJson([source, root, namespace, kubernetesVersion]);
  const read = place.known?.get(key) ?? readSource(source, place);
  place.known?.set(key, read);
  return read;
}

function readSource(source: ManifestsFrom, place: SourcePlace): readonly Manifest[] {
  switch (source.manifestsFrom) {
    case "yamlFiles":
      return readYamlFiles(source, place.root);
    case "kustomize":
      return readKustomization(source, place.root);
    case "helmTemplate":
      return readChart(source, place);
  }
}
