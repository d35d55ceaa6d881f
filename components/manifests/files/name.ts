import { createHash } from "node:crypto";
import { migrationOf } from "../app/migration-of";
import { groupOf, objectKey } from "../manifest";
import type { Manifest } from "../manifest";
import { isDnsSubdomain } from "../names";

/** No DNS name has it, so the parts of a file's name cannot run into each other. */
const SEPARATOR = "_";
/** Begins the name of each file of a migration: those are not for an agent, which would apply them with all others. */
export const MIGRATION_PREFIX = "migration";
/** Longest stem, in characters: file systems take 255 bytes. */
const MAX_STEM_LENGTH = 180;
const HASH_LENGTH = 16;

/**
 * Name of an object's file: `apps_deployment_shop_web.yaml`; of lower-case letters, digits, "-", "." and "_" only,
 * and the same whatever other objects there are. What does not fit into a name, or not on a file system that ignores
 * case, is replaced and told apart by a hash; only two kinds that differ in case alone would share a name. The objects of
 * a migration have {@link MIGRATION_PREFIX} in front.
 */
export function manifestFileName(manifest: Manifest): string {
  const name = plainName(manifest);
  return migrationOf(manifest) === undefined ? name : `${MIGRATION_PREFIX}${SEPARATOR}${name}`;
}

function plainName(manifest: Manifest): string {
  const { kind, metadata } = manifest;
  const parts = [groupOf(manifest) || "core", kind.toLowerCase(), metadata.namespace ?? "", metadata.name];
  const stem = parts.map((part) => part.toLowerCase().replace(/[^a-z0-9.-]|^\./g, "-")).join(SEPARATOR);
  if (stem.length <= MAX_STEM_LENGTH && isPlain(manifest)) return `${stem}.yaml`;
  const hash = createHash("sha256").update(objectKey(manifest)).digest("hex").slice(0, HASH_LENGTH);
  const cut = stem.split(SEPARATOR).map((part) => part.slice(0, MAX_STEM_LENGTH / parts.length));
  return `${[...cut, hash].join(SEPARATOR)}.yaml`;
}

function isPlain(manifest: Manifest): boolean {
  const { kind, metadata } = manifest;
  const group = groupOf(manifest);
  const names = [metadata.name, ...[metadata.namespace ?? "", group].filter((name) => name !== "")];
  return /^[A-Za-z0-9]+$/.test(kind) && group !== "core" && names.every(isDnsSubdomain);
}
