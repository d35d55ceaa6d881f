import type { StoredManifest } from "../registry";

/** What an image's description names: other descriptions, or the bytes of its configuration and layers. */
export interface Parts {
  /** Digests, in their order, each once. */
  readonly manifests: readonly string[];
  readonly blobs: readonly string[];
}

interface Descriptor {
  readonly digest: string;
  /** Where else its bytes are; registries need not keep those. */
  readonly urls?: readonly string[];
}

/** Source: OCI image specification, "Image Index" and "Image Manifest"; Docker's forms have the same fields. */
export function partsOf({ bytes }: Pick<StoredManifest, "bytes">): Parts {
  const {
    manifests = [],
    config,
    layers = [],
  } = JSON.parse(bytes.toString("utf8")) as {
    readonly manifests?: readonly Descriptor[];
    readonly config?: Descriptor;
    readonly layers?: readonly Descriptor[];
  };
  const kept = layers.filter(({ urls = [] }) => urls.length === 0);
  const digests = (all: readonly Descriptor[]): string[] => [...new Set(all.map(({ digest }) => digest))];
  return { manifests: digests(manifests), blobs: digests(config === undefined ? kept : [config, ...kept]) };
}
