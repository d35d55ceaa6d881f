import { fieldsOf } from "../fields";
import { groupOf } from "../manifest";
import type { Manifest } from "../manifest";

/** Largest object, in bytes of JSON: what etcd takes as one request. Source: etcd, "System limits". */
export const MAX_OBJECT_BYTES = 1.5 * 1024 * 1024;
/** Keys and values of all annotations together, in bytes. Source: Kubernetes, "Annotations". */
export const MAX_ANNOTATIONS_BYTES = 256 * 1024;
/** Values of a ConfigMap or of a Secret together, in bytes. Source: Kubernetes, "ConfigMaps", "Secrets". */
export const MAX_DATA_BYTES = 1024 * 1024;

/** Problems of sizes that the API server refuses. What is known only later counts as nothing. */
export function checkSizes(title: string, manifest: Manifest): string[] {
  return [
    ...over(`${title}: the whole object has`, objectBytes(manifest), MAX_OBJECT_BYTES),
    ...over(`${title}: metadata.annotations have`, annotationBytes(manifest), MAX_ANNOTATIONS_BYTES),
    ...over(`${title}: its values have`, dataBytes(manifest), MAX_DATA_BYTES),
  ];
}

function over(what: string, bytes: number, limit: number): string[] {
  return bytes <= limit
    ? []
    : [`${what} ${bytes} bytes; ${limit} is the most that a cluster takes, split it`];
}

function objectBytes(manifest: Manifest): number {
  return Buffer.byteLength(JSON.stringify(manifest));
}

function annotationBytes({ metadata }: Manifest): number {
  const entries = Object.entries(fieldsOf(metadata.annotations));
  return sum(entries.map(([key, value]) => Buffer.byteLength(key) + textBytes(value)));
}

function dataBytes(manifest: Manifest): number {
  if (groupOf(manifest) !== "" || !["ConfigMap", "Secret"].includes(manifest.kind)) return 0;
  const isSecret = manifest.kind === "Secret";
  return (
    sum(Object.values(fieldsOf(manifest.data)).map(isSecret ? base64Bytes : textBytes)) +
    sum(Object.values(fieldsOf(manifest.binaryData)).map(base64Bytes)) +
    sum(Object.values(fieldsOf(manifest.stringData)).map(textBytes))
  );
}

const sum = (sizes: readonly number[]): number => sizes.reduce((total, size) => total + size, 0);
const textBytes = (value: unknown): number => (typeof value === "string" ? Buffer.byteLength(value) : 0);
const base64Bytes = (value: unknown): number =>
  typeof value === "string" ? Buffer.byteLength(value, "base64") : 0;
