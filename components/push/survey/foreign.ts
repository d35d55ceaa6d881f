import type { ClusterApi, LiveObject, ObjectRef } from "../../clusters/api/api";
import { FIELD_MANAGER } from "../field-manager";
import type { ForeignObject } from "./args";

/** An object that is in a cluster, and how it is named. */
interface Found {
  readonly ref: ObjectRef;
  readonly live: LiveObject;
}

/** Those of some objects that are in a cluster; one request for each kind and namespace. */
export async function objectsThere(
  api: Pick<ClusterApi, "list">,
  objects: readonly ObjectRef[],
): Promise<Found[]> {
  const groups = new Map<string, ObjectRef[]>();
  for (const object of objects) {
    const key = `${object.apiVersion} ${object.kind} ${object.namespace ?? ""}`;
    groups.set(key, [...(groups.get(key) ?? []), object]);
  }
  const found = [...groups.values()].map(async (refs) => {
    const { apiVersion, kind, namespace } = refs[0]!;
    const all = await api.list({ apiVersion, kind, ...(namespace === undefined ? {} : { namespace }) });
    const byName = new Map(refs.map((ref) => [ref.name, ref]));
    return all.flatMap((live) => {
      const ref = byName.get(live.metadata.name);
      return ref === undefined ? [] : [{ ref, live }];
    });
  });
  return (await Promise.all(found)).flat();
}

/** Those of some objects that are in a cluster and that nobody has made in our name. */
export async function foreignObjects(
  api: Pick<ClusterApi, "list">,
  objects: readonly ObjectRef[],
): Promise<ForeignObject[]> {
  return (await objectsThere(api, objects)).flatMap(({ live, ref }) => foreign(live, ref));
}

interface ManagedFields {
  readonly manager?: string;
  readonly subresource?: string;
}

function foreign({ metadata }: LiveObject, { kind, namespace }: ObjectRef): ForeignObject[] {
  const entries = (metadata["managedFields"] ?? []) as readonly ManagedFields[];
  const managers = entries
    .filter(({ subresource }) => subresource === undefined)
    .map(({ manager }) => manager);
  if (managers.includes(FIELD_MANAGER)) return [];
  const place = namespace === undefined ? "" : `${namespace}/`;
  return [{ title: `${kind} ${place}${metadata.name}`, owner: managers[0] ?? "somebody" }];
}
