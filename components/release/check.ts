import { shown } from "../manifests";
import { releaseId } from "./release";
import type { Release } from "./release";

/** What the fields that are digits look like. */
export const DIGITS = { commit: /^[0-9a-f]{40}$/, sources: /^[0-9a-f]{64}$/ } as const;
/** What an image looks like. */
export const PINNED_REF = /^[^@\s]+@sha256:[0-9a-f]{64}$/;

/** What a release has to fit: the application's name and the names of its images. */
export interface ReleaseShape {
  readonly app: string;
  readonly images: readonly string[];
}

/**
 * Problems of a release block as it was read from a file. `field` is where it stands, as `delivery:release`.
 * A block without any has the form of {@link Release}.
 */
export function checkRelease(field: string, block: unknown, shape: ReleaseShape): string[] {
  if (!isRecord(block))
    return [`${field} is ${shown(block)}; it has to be a block with id, commit, sources and images`];
  const problems = [
    ...checkHex(field, "commit", block),
    ...checkHex(field, "sources", block),
    ...checkImages(`${field}.images`, block.images, shape.images),
    ...(block.schema === undefined ? [] : checkSchema(`${field}.schema`, block.schema)),
  ];
  return problems.length > 0 ? problems : checkId(field, block as unknown as Release, shape.app);
}

/** The block as a release, its fields in the usual order. Call it on what {@link checkRelease} found no problem in. */
export function readRelease(block: unknown): Release {
  const { id, commit, sources, images, schema } = block as Release;
  return { id, commit, sources, images, ...(schema === undefined ? {} : { schema }) };
}

function checkHex(field: string, name: keyof typeof DIGITS, block: Record<string, unknown>): string[] {
  const value = block[name];
  if (typeof value === "string" && DIGITS[name].test(value)) return [];
  const length = name === "commit" ? 40 : 64;
  return [`${field}.${name} is ${shown(value)}; give ${length} hex digits, quoted`];
}

function checkImages(field: string, images: unknown, expected: readonly string[]): string[] {
  if (!isRecord(images))
    return [`${field} is ${shown(images)}; name each image of the pipeline: ${list(expected)}`];
  const unknown = Object.keys(images).filter((name) => !expected.includes(name));
  return [
    ...unknown.map(
      (name) => `${field}.${name} is no image of the pipeline, which has ${list(expected)}; remove it`,
    ),
    ...expected.flatMap((name) =>
      checkImage(`${field}.${name}`, Object.hasOwn(images, name) ? images[name] : undefined),
    ),
  ];
}

function checkImage(field: string, ref: unknown): string[] {
  if (typeof ref === "string" && PINNED_REF.test(ref)) return [];
  const what = ref === undefined ? "is missing" : `is ${shown(ref)}`;
  return [
    `${field} ${what}; give repository@sha256: and 64 hex digits, as the build stack's output "release" has it`,
  ];
}

/** Problems of a range of schemas that stands at `field`. */
export function checkSchema(field: string, schema: unknown): string[] {
  const { revision, minCompatible } = isRecord(schema) ? schema : {};
  const whole = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0;
  if (!whole(revision) || !whole(minCompatible)) {
    return [`${field} is ${shown(schema)}; give revision and minCompatible, whole numbers, 0 or more`];
  }
  if (minCompatible <= revision) return [];
  return [
    `${field}.minCompatible is ${minCompatible}, above its revision ${revision}; it may be that number at most`,
  ];
}

function checkId(field: string, release: Release, app: string): string[] {
  const expected = releaseId(app, release);
  if (release.id === expected) return [];
  const fix = "copy the whole block again from where it was promoted from";
  return [
    `${field}.id is ${shown(release.id)}, but its content makes ${expected}: the block was changed by hand; ${fix}`,
  ];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function list(names: readonly string[]): string {
  return names.length === 0 ? "none" : names.map(shown).join(", ");
}
