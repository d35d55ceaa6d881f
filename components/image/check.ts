import type { ImageArgs } from "./args";
import type { ImageReference } from "./reference";
import { tryParseReference } from "./reference";
import type { ResolvedImage } from "./resolve";

/** `os/architecture`, with a variant where there is one. Source: OCI image index specification, "platform". */
const PLATFORM = /^[a-z0-9]+\/[a-z0-9_]+(?:\/[a-z0-9.]+)?$/;

/** Everything that is wrong with an image's arguments, in sentences. */
export function checkImage(args: ImageArgs, image: ResolvedImage): string[] {
  return [...checkRepository(args.repository), ...image.context.problems, ...checkSettings(image)];
}

function checkRepository(text: string): string[] {
  const reference = tryParseReference(text);
  const field = `repository ${JSON.stringify(text)}`;
  if (reference === undefined) return [`${field} is no image name: ${reason(text)}`];
  if (reference.domain === "")
    return [`${field} begins with what can be no host; write the registry's host there`];
  return checkNameOnly(field, reference);
}

function checkNameOnly(field: string, { tag, digest }: ImageReference): string[] {
  const extra = [
    tag === undefined ? [] : [`tag ${tag}`],
    digest === undefined ? [] : [`digest ${digest}`],
  ].flat();
  if (extra.length === 0) return [];
  return [`${field} has the ${extra.join(" and the ")}; leave it out, the tag is made from the content`];
}

function reason(text: string): string {
  const lower = tryParseReference(text.toLowerCase()) !== undefined;
  if (lower) return "behind the host it has to be in lower case";
  if (/^[a-f0-9]{64}$/.test(text)) return "64 hexadecimal characters are an image's id";
  return `it is HOST[:PORT]/PATH, and PATH is of a-z, 0-9 and single ".", "_", "__" or "-" between them`;
}

function checkSettings(image: ResolvedImage): string[] {
  const { args, labels, platforms, builder } = image;
  const twice = platforms.filter((platform, index) => platforms.indexOf(platform) !== index);
  return [
    ...checkTexts("args", args),
    ...checkTexts("labels", labels),
    ...(platforms.length === 0 ? ["platforms is empty; leave it out, or name one"] : []),
    ...platforms.flatMap(checkPlatform),
    ...twice.map((platform) => `platforms names ${JSON.stringify(platform)} twice; name it once`),
    ...builder.check(image),
  ];
}

function checkPlatform(platform: string): string[] {
  if (PLATFORM.test(platform)) return [];
  return [`platforms: ${JSON.stringify(platform)} is no platform; write OS/ARCHITECTURE, as linux/amd64`];
}

/** A program in plain JavaScript, or a value from a file, can hold anything here. */
function checkTexts(field: string, values: Readonly<Record<string, unknown>>): string[] {
  const wrong = Object.keys(values).filter((name) => typeof values[name] !== "string");
  return wrong.map(
    (name) => `${field}.${name} is no text; it decides the image's tag, so it has to be a plain string`,
  );
}
