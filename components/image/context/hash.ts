import { readFile } from "node:fs/promises";
import { contentDigests } from "./content";
import { FieldHash } from "./fields";
import type { BuildContext } from "./read";

/** Written first into every hash: another way to hash is another text, and so another tag. */
export const HASH_FORMAT = "pulumi-delivery image 1";

/** A base image as it enters the hash: its reference, and the digest that a tag had, when that could be found out. */
export interface BaseImage {
  readonly reference: string;
  readonly digest?: string;
}

/** Everything beside the files that decides what a build makes. */
export interface BuildSettings {
  readonly args: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  /** Stage of the Dockerfile; empty means the last one. */
  readonly target: string;
  readonly platforms: readonly string[];
  /** Names of the build's secrets; their values are no part of an image. */
  readonly secrets: readonly string[];
  readonly bases: readonly BaseImage[];
}

/**
 * The hash of all that goes into an image: 64 lower-case hexadecimal characters.
 *
 * It is the same from another checkout, at another time and in whatever order names are given. What it leaves out:
 * times, owners, permissions other than the executable bit, empty folders, absolute paths, secret values and who builds.
 *
 * @throws when a file cannot be read.
 */
export async function contextHash(context: BuildContext, settings: BuildSettings): Promise<string> {
  const contents = await contentDigests(context.root, context.files);
  const hash = new FieldHash();
  hash.field(HASH_FORMAT).field(await readFile(context.dockerfile));
  const rows = context.files.map(({ path, kind }, index) => [path, kind, contents[index] ?? ""] as const);
  hash.list(rows, ([path, kind, content]) => hash.field(path).field(kind).field(content));
  writeSettings(hash, settings);
  return hash.digest();
}

function writeSettings(hash: FieldHash, settings: BuildSettings): void {
  const pair = ([name, value]: readonly [string, string]): unknown => hash.field(name).field(value);
  hash.list(inOrder(Object.entries(settings.args)), pair);
  hash.list(inOrder(Object.entries(settings.labels)), pair);
  hash.field(settings.target);
  hash.list(inOrder(settings.platforms), (platform) => hash.field(platform));
  hash.list(inOrder(settings.secrets), (name) => hash.field(name));
  hash.list(inOrder(settings.bases.map(({ reference, digest }) => [reference, digest ?? ""] as const)), pair);
}

/** Sorted by code units, which no locale changes. */
function inOrder<T extends string | readonly [string, string]>(items: readonly T[]): T[] {
  const key = (item: T): string => (typeof item === "string" ? item : item[0]);
  return [...items].sort((a, b) => (key(a) < key(b) ? -1 : Number(key(a) > key(b))));
}
