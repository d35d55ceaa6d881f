import type * as pulumi from "@pulumi/pulumi";
import { fieldsAt, fieldsOf } from "../fields";
import { isLate } from "../late";
import type { Manifest } from "../manifest";
import { originOf, withOrigin } from "../origin";
import { CONTAINER_LISTS, templatePathOf } from "../pods";

/** `repository@sha256:…` by the name of the image. */
export type ImageRefs = Readonly<Record<string, pulumi.Input<string>>>;

/** `registry.example.com:5000/acme/shop:1@sha256:…` without tag and digest. */
export function repositoryOf(ref: string): string {
  const [named = ""] = ref.split("@");
  const colon = named.lastIndexOf(":");
  return colon > named.lastIndexOf("/") ? named.slice(0, colon) : named;
}

/**
 * The object with the release's images: a container whose image has the name of one, or its repository, gets that one,
 * whatever tag or digest it says.
 */
export function withImages(manifest: Manifest, images: ImageRefs): Manifest {
  const path = templatePathOf(manifest);
  if (path === undefined) return manifest;
  const spec = fieldsAt(manifest, ...path, "spec");
  const changed = CONTAINER_LISTS.filter((list) => Array.isArray(spec[list])).map(
    (list) => [list, (spec[list] as unknown[]).map((item) => withImage(item, images))] as const,
  );
  const next = changedAt(manifest, [...path, "spec"], Object.fromEntries(changed));
  return withOrigin(next as Manifest, originOf(manifest));
}

function withImage(item: unknown, images: ImageRefs): unknown {
  const { image } = fieldsOf(item);
  if (typeof image !== "string") return item;
  const repository = repositoryOf(image);
  const found = Object.entries(images).find(
    ([name, ref]) => name === repository || (!isLate(ref) && repositoryOf(String(ref)) === repository),
  );
  return found === undefined ? item : { ...fieldsOf(item), image: found[1] };
}

function changedAt(value: unknown, path: readonly string[], fields: object): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return { ...fieldsOf(value), ...fields };
  return { ...fieldsOf(value), [first]: changedAt(fieldsOf(value)[first], rest, fields) };
}
