import type { ImageReference } from "../reference";
import { tryParseReference } from "../reference";
import { expand } from "./expand";
import type { Flag, Instruction } from "./parse";
import { parseDockerfile, unquoted } from "./parse";

/** The images that a Dockerfile begins with or copies from. */
export interface BaseReferences {
  /** Each once, in the order of the file; stages of the file itself and `scratch` are none. */
  readonly images: readonly ImageReference[];
  /** What stands there for an image that only the builder can name, as `alpine:${TARGETARCH}`. */
  readonly unknown: readonly string[];
}

type BuildArgs = Readonly<Record<string, string>>;

const EMPTY_IMAGE = "scratch";
const PLATFORM_PARTS = ["PLATFORM", "OS", "ARCH", "VARIANT", "OSVERSION"];
/** Values that the builder sets. Source: Dockerfile reference, "Automatic platform ARGs in the global scope". */
const PLATFORM_ARGS = PLATFORM_PARTS.flatMap((part) => [`BUILD${part}`, `TARGET${part}`]);

/** Finds the images behind `FROM`, `COPY --from=` and `RUN --mount=…,from=`; `args` are the build's arguments. */
export function baseReferences(dockerfile: string, args: BuildArgs): BaseReferences {
  const images = new Map<string, ImageReference>();
  const unknown = new Set<string>();
  for (const { written, name } of namedImages(parseDockerfile(dockerfile), args)) {
    const image = name === undefined ? undefined : tryParseReference(name);
    if (image === undefined) unknown.add(written);
    else images.set(JSON.stringify(image), image);
  }
  return { images: [...images.values()], unknown: [...unknown] };
}

interface NamedImage {
  readonly written: string;
  /** With its variables filled in; undefined when that cannot be done here. */
  readonly name: string | undefined;
}

/** What is known at one place of the file. */
interface Reading {
  readonly args: BuildArgs;
  /** The arguments before the first `FROM`; the only ones that an image's name can use. */
  readonly scope: Map<string, string | undefined>;
  /** Names and numbers of the stages so far. */
  readonly stages: Set<string>;
  froms: number;
}

function namedImages(instructions: readonly Instruction[], args: BuildArgs): NamedImage[] {
  const scope = new Map(PLATFORM_ARGS.map((name) => [name, args[name]]));
  const reading: Reading = { args, scope, stages: new Set([EMPTY_IMAGE]), froms: 0 };
  return instructions.flatMap((instruction) => imagesOf(instruction, reading));
}

function imagesOf({ keyword, flags, words }: Instruction, reading: Reading): NamedImage[] {
  if (keyword === "FROM") return startStage(words, reading);
  if (keyword === "ARG" && reading.froms === 0) words.forEach((word) => declare(word, reading));
  if (keyword !== "COPY" && keyword !== "RUN") return [];
  const sources = flags.flatMap(source).filter((name) => !reading.stages.has(name.toLowerCase()));
  return sources.map((name) => ({ written: name, name }));
}

function startStage([written = "", as, stage]: readonly string[], reading: Reading): NamedImage[] {
  const name = expand(written, reading.scope);
  const isStage = name !== undefined && reading.stages.has(name.toLowerCase());
  reading.stages.add(String(reading.froms++));
  if (as?.toUpperCase() === "AS" && stage !== undefined) reading.stages.add(stage.toLowerCase());
  return isStage ? [] : [{ written, name }];
}

function declare(word: string, { args, scope }: Reading): void {
  const equals = word.indexOf("=");
  const name = equals < 0 ? word : word.slice(0, equals);
  const fallback = equals < 0 ? undefined : expand(word.slice(equals + 1), scope);
  if (PLATFORM_ARGS.includes(name)) return;
  const given = Object.hasOwn(args, name) ? args[name] : undefined;
  if (given !== undefined || equals >= 0) scope.set(name, given ?? fallback);
}

/** The stage or image that a flag takes files from. */
function source({ name, value }: Flag): string[] {
  if (name === "from") return [value];
  if (name !== "mount") return [];
  const fields = value.split(",").map((field) => field.split("="));
  return fields.flatMap(([key, from]) =>
    key?.trim() === "from" && from !== undefined ? [unquoted(from)] : [],
  );
}
