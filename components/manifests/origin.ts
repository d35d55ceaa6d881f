import { objectTitle } from "./manifest";
import type { Manifest } from "./manifest";

/** Beside the objects, not in them: what is delivered has no field of ours. */
const origins = new WeakMap<object, string>();

/** Notes where an object came from, as a path or a call, for messages. Returns the same object. */
export function withOrigin(manifest: Manifest, origin: string | undefined): Manifest {
  if (origin !== undefined) origins.set(manifest, origin);
  return manifest;
}

/** Where an object came from; undefined when nobody said so. */
export function originOf(manifest: Manifest): string | undefined {
  return origins.get(manifest);
}

/** How messages name an object: `Deployment shop/web (deploy/web.yaml)`. */
export function titleOf(manifest: Manifest): string {
  const origin = originOf(manifest);
  return origin === undefined ? objectTitle(manifest) : `${objectTitle(manifest)} (${origin})`;
}
