import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { hashContext } from "./context-hash.ts";
import { asObject, asString, asStrings, hasUnknown, UNKNOWN } from "./properties.ts";
import type { Properties } from "./properties.ts";
import { readImageName } from "./reference.ts";

export const DEFAULT_CONTEXT = ".";
export const DEFAULT_DOCKERFILE = "Dockerfile";
export const BUILDERS = { BuilderBuildKit: "1", BuilderV1: "0" } as const;

/** What is wrong with an input, and which one it is. */
export interface Problem {
  readonly property: string;
  readonly reason: string;
}

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: "amd64", ia32: "386", ppc64: "ppc64le" };

/** The platform of this machine, as Docker writes it. */
export function hostPlatform(): string {
  return `linux/${ARCHITECTURES[process.arch] ?? process.arch}`;
}

/**
 * The inputs with their defaults filled in as the official plugin does: nothing is built in a preview, the
 * Dockerfile is that of the context, and a digest of the context stands for its files, so that a changed file
 * is a changed input. Inputs with problems are completed as far as they go.
 */
export function completeInputs(news: Properties): Properties {
  const given = asObject(news["build"]);
  const context = given["context"] ?? DEFAULT_CONTEXT;
  const dockerfile = given["dockerfile"] ?? dockerfileIn(context);
  const build = { ...given, context, dockerfile, platform: given["platform"] ?? hostPlatform() };
  const contextDigest = tryHash(asString(context), asString(dockerfile));
  return {
    ...news,
    buildOnPreview: news["buildOnPreview"] ?? false,
    build: contextDigest === undefined ? build : { ...build, contextDigest },
  };
}

function dockerfileIn(context: unknown): string {
  const known = asString(context);
  return known === undefined ? UNKNOWN : join(known, DEFAULT_DOCKERFILE);
}

function tryHash(context: string | undefined, dockerfile: string | undefined): string | undefined {
  if (context === undefined || dockerfile === undefined) return undefined;
  return isFolder(context) && existsSync(dockerfile) ? hashContext(context, dockerfile) : undefined;
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

/** Everything that is wrong with the completed inputs; what is not known yet is not judged. */
export function checkInputs(inputs: Properties): Problem[] {
  const build = asObject(inputs["build"]);
  return [
    ...checkFiles(asString(build["context"]), asString(build["dockerfile"])),
    ...checkBuilder(build["builderVersion"]),
    ...checkCache(build["cacheFrom"]),
    ...checkName(inputs),
  ];
}

function checkFiles(context: string | undefined, dockerfile: string | undefined): Problem[] {
  if (context !== undefined && !isFolder(context)) {
    return [{ property: "build.context", reason: `the folder "${context}" does not exist` }];
  }
  if (dockerfile === undefined || existsSync(dockerfile)) return [];
  const below = join(context ?? DEFAULT_CONTEXT, dockerfile);
  const hint = existsSync(below) ? `; the path starts at the program's folder: set it to "${below}"` : "";
  return [{ property: "build.dockerfile", reason: `there is no Dockerfile at "${dockerfile}"${hint}` }];
}

function checkBuilder(version: unknown): Problem[] {
  if (version === undefined || hasUnknown(version) || String(version) in BUILDERS) return [];
  const choices = Object.keys(BUILDERS).join(" or ");
  return [{ property: "build.builderVersion", reason: `"${String(version)}" is none; use ${choices}` }];
}

function checkCache(cacheFrom: unknown): Problem[] {
  if (cacheFrom === undefined || hasUnknown(cacheFrom)) return [];
  if (Array.isArray(asObject(cacheFrom)["images"])) return [];
  return [{ property: "build.cacheFrom", reason: `it needs a list "images"` }];
}

/** Without a registry the push would go to Docker Hub, whatever the user meant. */
function checkName(inputs: Properties): Problem[] {
  const name = asString(inputs["imageName"]);
  const cached = asStrings(asObject(asObject(inputs["build"])["cacheFrom"])["images"]).length > 0;
  const server = asString(asObject(inputs["registry"])["server"]);
  if (name === undefined || server !== undefined || (inputs["skipPush"] === true && !cached)) return [];
  if (readImageName(name).registry !== undefined) return [];
  const reason = `"${name}" names no registry; write it in full, as "docker.io/USER/NAME:TAG"`;
  return [{ property: "imageName", reason }];
}
