import { CONSENTS } from "../ledger/publish/consent";
import { shown } from "../manifests";
import { releaseSchema } from "../release";
import type { Schema } from "../release";

/** What of a pipeline its stacks' files depend on. */
export interface SchemaSource {
  readonly app: string;
  /** By name. */
  readonly images: Readonly<Record<string, unknown>>;
  /** Settings with their defaults. */
  readonly config: Readonly<Record<string, string | number | boolean>>;
  /** By name. */
  readonly clusters: Readonly<Record<string, unknown>>;
}

const DRAFT = "http://json-schema.org/draft-07/schema#";
const SETTING_TYPES = ["string", "number", "boolean"] as const;
/** `pulumi config set` writes a flag as a text. */
const FLAGS: readonly unknown[] = [true, false, "true", "false"];
const SOME_TEXT = "\\S";
/** What `checkUntil` takes, but for a day that no month has. */
const DATE_OR_TIME = "^\\d{4}-\\d{2}-\\d{2}(T\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,3})?)?(Z|[+-]\\d{2}:\\d{2}))?$";
const ONE_UPDATE = "Remove it after the update that it is for.";

/**
 * JSON Schema (draft 7) of a stack's file, for editors: every block that `stackSettings` reads. Everything else that
 * Pulumi keeps in the file is left alone, also secrets below `delivery:`. It knows form; `checkStack` also knows
 * whether a release was changed by hand, and what belongs to which environment.
 *
 * @param source the pipeline, whose names and settings it then has
 * @default that of every pipeline, which the package has as `schemas/stack.schema.json`
 * @example
 * # yaml-language-server: $schema=../node_modules/pulumi-delivery/schemas/stack.schema.json
 */
export function stackSchema(source?: SchemaSource): Schema {
  const config = {
    type: "object",
    properties: { ...releaseBlocks(source), ...clusterBlocks(source), ...PLACES },
  };
  const title = source === undefined ? "A stack of a delivery pipeline" : `A stack of ${source.app}`;
  return { $schema: DRAFT, title, type: "object", properties: { config } };
}

function releaseBlocks(source: SchemaSource | undefined): Record<string, Schema> {
  return {
    "delivery:release": releaseSchema(shapeOf(source)),
    "delivery:config": configSchema(source),
    "delivery:hold": closed({
      description: "Nothing is promoted to this environment while it holds. delivery hold writes it.",
      required: ["reason"],
      properties: {
        reason: text(SOME_TEXT, "Why, as the number of an incident."),
        until: text(DATE_OR_TIME, "A date or a time, quoted. Without one it holds until it is lifted."),
      },
    }),
    "delivery:override": closed({
      description: "Why this release goes on over a guard. delivery promote --override writes it.",
      required: ["release", "reason"],
      properties: { release: text(SOME_TEXT, "Id of the release."), reason: text(SOME_TEXT, "Why.") },
    }),
  };
}

function clusterBlocks(source: SchemaSource | undefined): Record<string, Schema> {
  return {
    "delivery:pins": byCluster(source, {
      description: "Clusters that are held back, and the whole block of the release that each stays at.",
      // An older release may have had other images than the pipeline has.
      additionalProperties: releaseSchema({ app: source?.app }),
    }),
    "delivery:retired": byCluster(source, {
      description: `Clusters that are given up: what they run is deleted, or stays and is nobody's. ${ONE_UPDATE}`,
      additionalProperties: { enum: ["delete", "orphan"] },
    }),
    "delivery:rebuilt": {
      type: "array",
      description: `Clusters that were built anew under their names. ${ONE_UPDATE}`,
      items: source === undefined ? { type: "string" } : { enum: Object.keys(source.clusters) },
    },
    "delivery:adopt": {
      description: `Takes over objects that somebody else has made in the clusters. ${ONE_UPDATE}`,
      enum: FLAGS,
    },
    "delivery:allow": {
      type: "array",
      description: `What the ledger refuses otherwise. ${ONE_UPDATE}`,
      items: { enum: CONSENTS },
    },
  };
}

const PLACES: Readonly<Record<string, Schema>> = {
  "delivery:registry": text(
    SOME_TEXT,
    "Where images are pushed to in place of the host in their repository.",
  ),
  "delivery:ledger": text(
    SOME_TEXT,
    "Address of the repository that records deployments, in place of the pipeline's. No place for credentials.",
  ),
};

function shapeOf(source: SchemaSource | undefined): Parameters<typeof releaseSchema>[0] {
  return source === undefined ? {} : { app: source.app, images: Object.keys(source.images) };
}

function byCluster(source: SchemaSource | undefined, rest: Schema): Schema {
  const names = source === undefined ? {} : { propertyNames: { enum: Object.keys(source.clusters) } };
  return { type: "object", ...rest, ...names };
}

function configSchema(source: SchemaSource | undefined): Schema {
  const description = "What this environment has otherwise than the pipeline's config. No place for secrets.";
  if (source === undefined) {
    return { type: "object", description, additionalProperties: { type: SETTING_TYPES } };
  }
  const settings = Object.entries(source.config).map(([name, value]) => [
    name,
    { type: typeof value, default: value, description: `The pipeline has ${shown(value)}.` },
  ]);
  return closed({ description, properties: Object.fromEntries(settings) });
}

const closed = (rest: Schema): Schema => ({ type: "object", ...rest, additionalProperties: false });
function text(pattern: string, description: string): Schema {
  return { type: "string", pattern, description };
}
