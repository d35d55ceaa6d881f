import type { Manifest } from "./manifest";
import { containersOf, podTemplateOf } from "./pods";

/** One `image` field of a pod template: where it stands and what it says, which may be a `pulumi.Output`. */
export interface ImageField {
  readonly path: string;
  /** Name of the container; empty when it has none. */
  readonly container: string;
  readonly image: unknown;
}

/** Every image that an object's pods would run; empty for an object without pods. */
export function imagesOf(manifest: Manifest): ImageField[] {
  const pod = podTemplateOf(manifest);
  if (pod === undefined) return [];
  return containersOf(pod).map(({ at, fields }) => ({
    path: `${at}.image`,
    container: String(fields.name ?? ""),
    image: fields.image,
  }));
}
