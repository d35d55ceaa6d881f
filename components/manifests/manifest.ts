/**
 * A Kubernetes object as plain data. Names, kinds and namespaces are plain values, since they decide which
 * resources exist; any other leaf may be a `pulumi.Input`, which is passed through unopened.
 */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

/** The parts of `metadata` that the library reads or sets. */
export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/** How people name an object: `Deployment shop/web`, or `ClusterRole reader` without a namespace. */
export function objectTitle({ kind, metadata }: Manifest): string {
  return `${kind} ${metadata.namespace === undefined ? "" : `${metadata.namespace}/`}${metadata.name}`;
}

/** The API group; empty for the core group. */
export function groupOf({ apiVersion }: Pick<Manifest, "apiVersion">): string {
  return apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
}

/** What makes two objects the same one to a cluster: group, kind, namespace and name, without the version. */
export function objectKey(manifest: Manifest): string {
  const { kind, metadata } = manifest;
  return [groupOf(manifest) || "core", kind, metadata.namespace ?? "", metadata.name].join("/");
}
