import { DIGITS, PINNED_REF } from "./check";
import type { ReleaseShape } from "./check";
import { shown } from "../manifests";

/** A JSON Schema, or a part of one. */
export type Schema = Readonly<Record<string, unknown>>;

const HELD =
  "Made by a promotion. Do not edit it: copy the whole block, or revert the commit that changed it.";
/** A DNS-1123 label. */
const ANY_APP = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";

/**
 * JSON Schema (draft 7) of a block `delivery:release`. It knows form; `checkRelease` also knows whether a block was
 * changed by hand.
 *
 * @param shape what the release has to fit. Default: any application, any images
 */
export function releaseSchema({
  app,
  images,
}: { [K in keyof ReleaseShape]?: ReleaseShape[K] | undefined }): Schema {
  return closed({
    description: `What this environment is to run. ${HELD}`,
    required: ["id", "commit", "sources", "images"],
    properties: {
      id: text(`^${app ?? ANY_APP}-[0-9a-f]{12}$`, "Follows from the content alone."),
      commit: text(
        DIGITS.commit.source,
        "The commit that it was made from. Quoted, since some read digits as a number.",
      ),
      sources: text(DIGITS.sources.source, "SHA-256 of the pipeline's sources: which code renders it."),
      images: imagesSchema(images),
      schema: rangeSchema(),
    },
  });
}

/** An older release may have images that the pipeline no longer has, and lack some that it has now. */
function imagesSchema(names: readonly string[] | undefined): Schema {
  const ref = text(PINNED_REF.source, "repository@sha256:digest");
  const known = names === undefined ? "" : `: ${names.map(shown).join(", ") || "none"}`;
  return {
    type: "object",
    description: `The images by name${known}.`,
    properties: Object.fromEntries((names ?? []).map((name) => [name, ref])),
    additionalProperties: ref,
  };
}

function rangeSchema(): Schema {
  const number = (description: string): Schema => ({ type: "integer", minimum: 0, description });
  return closed({
    description: "The database schemas that it works with.",
    required: ["revision", "minCompatible"],
    properties: {
      revision: number("The schema that it brings."),
      minCompatible: number("The oldest schema that its code works with; at most the revision."),
    },
  });
}

const closed = (rest: Schema): Schema => ({ type: "object", ...rest, additionalProperties: false });
const text = (pattern: string, description: string): Schema => ({ type: "string", pattern, description });
