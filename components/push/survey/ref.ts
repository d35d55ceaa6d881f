import type { ObjectRef } from "../../clusters/api/api";
import type { Manifest } from "../../manifests";

/** Where an object of a list is in a cluster. */
export function refOf({ apiVersion, kind, metadata }: Manifest): ObjectRef {
  const { name, namespace } = metadata;
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
}
