import { createHash } from "node:crypto";
import { canonicalJson } from "../manifests";

/** Everything that was decided together, as the block `delivery:release` of a stack's file holds it. */
export interface Release {
  /** `<app>-<12 hex digits>`, from the content alone; see {@link releaseId}. */
  readonly id: string;
  /** The commit that the release was made from: 40 hex digits. */
  readonly commit: string;
  /** SHA-256 of the pipeline's own sources, in hex: which code renders this release. */
  readonly sources: string;
  /** `repository@sha256:…` of each image, by its name in the pipeline. */
  readonly images: Readonly<Record<string, string>>;
  /** The range of database schemas that the release works with. */
  readonly schema?: SchemaRange;
}

/** The schema that a release brings, and the oldest one that its code still works with. Whole numbers, 0 or more. */
export interface SchemaRange {
  readonly revision: number;
  readonly minCompatible: number;
}

/** What a release's id is made of. */
export type ReleaseContent = Pick<Release, "sources" | "images" | "schema">;

/** Hex digits of a release's id: 48 bits, so 10,000 releases collide with a chance below 1 in 5 million. */
const ID_LENGTH = 12;

/**
 * The id of a release: the same content gives the same id on any machine. It is made of the digests, not of the
 * repositories, since a release stays the same one when its images are copied to another registry.
 */
export function releaseId(app: string, { sources, images, schema }: ReleaseContent): string {
  const digests = Object.fromEntries(Object.entries(images).map(([name, ref]) => [name, digestOf(ref)]));
  const hash = createHash("sha256").update(canonicalJson({ digests, sources, schema })).digest("hex");
  return `${app}-${hash.slice(0, ID_LENGTH)}`;
}

/** The digest of `repository@sha256:…`; the whole text when there is none. */
export function digestOf(ref: string): string {
  return ref.slice(ref.lastIndexOf("@") + 1);
}

/** A release with its id. */
export function makeRelease(app: string, content: Omit<Release, "id">): Release {
  const { commit, sources, images, schema } = content;
  const id = releaseId(app, content);
  return { id, commit, sources, images, ...(schema === undefined ? {} : { schema }) };
}
