import type { KindRef, ListQuery, ObjectRef } from "./objects.ts";

/** The part of discovery (`APIResourceList`) that says how a kind is addressed. */
export interface Resource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** Where the resources of an API version are: the old core group has a path of its own. */
export const groupPath = (apiVersion: string): string =>
  apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;

export function objectPath(resource: Resource, ref: ObjectRef): string {
  const namespace = ref.metadata.namespace ?? "default";
  return `${kindPath(resource, ref, namespace)}/${encodeURIComponent(ref.metadata.name)}`;
}

export function listPath(resource: Resource, kind: KindRef, query: ListQuery): string {
  const { labelSelector } = query;
  const search = labelSelector === undefined ? "" : `?labelSelector=${encodeURIComponent(labelSelector)}`;
  return `${kindPath(resource, kind, query.namespace)}${search}`;
}

function kindPath(resource: Resource, { apiVersion }: KindRef, namespace: string | undefined): string {
  const inside = resource.namespaced && namespace !== undefined;
  const scope = inside ? `/namespaces/${encodeURIComponent(namespace)}` : "";
  return `${groupPath(apiVersion)}${scope}/${resource.name}`;
}

/** The resource that serves a kind; subresources (`deployments/scale`) have the kind of something else. */
export function findResource(resources: readonly Resource[], kind: string): Resource | undefined {
  return resources.find((resource) => resource.kind === kind && !resource.name.includes("/"));
}
