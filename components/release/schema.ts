import { DIGITS, PINNED_REF } from "./check";
import { shown } from "../manifests";

/** What of a pipeline its stacks' files depend on. */
export interface SchemaSource {
  readonly app: string;
  /** By name. */
  readonly images: Readonly<Record<string, unknown>>;
  /** Settings with their defaults. */
  readonly config: Readonly<Record<string, string | number | boolean>>;
}

type Schema = Readonly<Record<string, unknown>>;

const HELD =
  "Made by a promotion. Do not edit it: copy the whole block, or revert the commit that changed it.";

/**
 * JSON Schema (draft 7) of a stack's file, for editors: what a release block looks like, and which settings the
 * pipeline has. Everything else that Pulumi keeps in the file is left alone. It knows form; `checkRelease` also knows
 * whether a block was changed by hand.
 *
 * @example
 * # yaml-language-server: $schema=../schemas/stack.schema.json
 */
export function stackSchema(source: SchemaSource): Schema {
  const config = {
    type: "object",
    properties: { "delivery:release": releaseSchema(source), "delivery:config": configSchema(source) },
  };
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: `A stack of ${source.app}`,
    type: "object",
    properties: { config },
  };
}

function releaseSchema({ app, images }: SchemaSource): Schema {
  return closed({
    description: `What this environment is to run. ${HELD}`,
    required: ["id", "commit", "sources", "images"],
    properties: {
      id: text(`^${app}-[0-9a-f]{12}$`, "Follows from the content alone."),
      commit: text(
        DIGITS.commit.source,
        "The commit that it was made from. Quoted, since some read digits as a number.",
      ),
      sources: text(DIGITS.sources.source, "SHA-256 of the pipeline's sources: which code renders it."),
      images: imagesSchema(Object.keys(images)),
      schema: rangeSchema(),
    },
  });
}

/** An older release may have images that the pipeline no longer has, and lack some that it has now. */
function imagesSchema(names: readonly string[]): Schema {
  const ref = text(PINNED_REF.source, "repository@sha256:digest");
  return {
    type: "object",
    description: `The images by name: ${names.map(shown).join(", ") || "none"}.`,
    properties: Object.fromEntries(names.map((name) => [name, ref])),
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

function configSchema({ config }: SchemaSource): Schema {
  const settings = Object.entries(config).map(([name, value]) => [
    name,
    { type: typeof value, default: value, description: `The pipeline has ${shown(value)}.` },
  ]);
  const description = "What this environment has otherwise than the pipeline's config. No place for secrets.";
  return closed({ description, properties: Object.fromEntries(settings) });
}

const closed = (rest: Schema): Schema => ({ type: "object", ...rest, additionalProperties: false });
const text = (pattern: string, description: string): Schema => ({ type: "string", pattern, description });
