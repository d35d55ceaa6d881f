import type { ClusterApi, LiveObject, ObjectRef } from "../../clusters/api/api";
import { FIELD_MANAGER } from "../field-manager";
import type { ForeignObject } from "./args";

/** Objects of a list that are in a cluster and that nobody has made in our name; one request for each kind. */
export async function foreignObjects(
  api: Pick<ClusterApi, "list">,
  objects: readonly ObjectRef[],
): Promise<ForeignObject[]> {
  const groups = new Map<string, ObjectRef[]>();
  for (const object of objects) {
    const key = `${object.apiVersion} ${object.kind} ${object.namespace ?? ""}`;
    groups.set(key, [...(groups.get(key) ?? []), object]);
  }
  const found = [...groups.values()].map(async (refs) => {
    const { apiVersion, kind, namespace } = refs[0]!;
    const live = await api.list({ apiVersion, kind, ...(namespace === undefined ? {} : { namespace }) });
    const names = new Set(refs.map(({ name }) => name));
    return live
      .filter(({ metadata }) => names.has(metadata.name))
      .flatMap((object) => foreign(object, { kind, namespace }));
  });
  return (await Promise.all(found)).flat();
}

interface ManagedFields {
  readonly manager?: string;
  readonly subresource?: string;
}

function foreign(
  { metadata }: LiveObject,
  { kind, namespace }: { readonly kind: string; readonly namespace: string | undefined },
): ForeignObject[] {
  const entries = (metadata["managedFields"] ?? []) as readonly ManagedFields[];
  const managers = entries
    .filter(({ subresource }) => subresource === undefined)
    .map(({ manager }) => manager);
  if (managers.includes(FIELD_MANAGER)) return [];
  const place = namespace === undefined ? "" : `${namespace}/`;
  return [{ title: `${kind} ${place}${metadata.name}`, owner: managers[0] ?? "somebody" }];
}
