import { ApiError } from "../../clusters/api/api";
import type { ClusterApi, LiveObject, ObjectRef } from "../../clusters/api/api";
import { FIELD_MANAGER } from "../field-manager";
import type { ForeignObject } from "./args";

/** An object that is in a cluster, and how it is named. */
interface Found {
  readonly ref: ObjectRef;
  readonly live: LiveObject;
}

type Lister = Pick<ClusterApi, "list">;

/** Those of some objects that are in a cluster; one request for each kind and namespace. */
export async function objectsThere(api: Lister, objects: readonly ObjectRef[]): Promise<Found[]> {
  return (await Promise.all(groupsOf(objects).map((group) => groupThere(api, group)))).flat();
}

/** Those of some objects that are in a cluster and that nobody has made in our name, as far as we may look. */
export async function foreignObjects(api: Lister, objects: readonly ObjectRef[]): Promise<ForeignObject[]> {
  const found = groupsOf(objects).map((group) => groupThere(api, group).catch(noneIfForbidden));
  return (await Promise.all(found)).flat().flatMap(({ live, ref }) => foreign(live, ref));
}

/** By kind and namespace; none is empty. */
function groupsOf(objects: readonly ObjectRef[]): (readonly ObjectRef[])[] {
  const groups = new Map<string, ObjectRef[]>();
  for (const object of objects) {
    const key = `${object.apiVersion} ${object.kind} ${object.namespace ?? ""}`;
    groups.set(key, [...(groups.get(key) ?? []), object]);
  }
  return [...groups.values()];
}

async function groupThere(api: Lister, refs: readonly ObjectRef[]): Promise<Found[]> {
  const { apiVersion, kind, namespace } = refs[0]!;
  const all = await api.list({ apiVersion, kind, ...(namespace === undefined ? {} : { namespace }) });
  const byName = new Map(refs.map((ref) => [ref.name, ref]));
  return all.flatMap((live) => {
    const ref = byName.get(live.metadata.name);
    return ref === undefined ? [] : [{ ref, live }];
  });
}

/** What we may not list is the plugin's to fail on. */
function noneIfForbidden(error: unknown): readonly Found[] {
  if (error instanceof ApiError && error.status === 403) return [];
  throw error;
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
