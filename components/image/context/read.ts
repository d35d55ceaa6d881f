import { readFileSync, realpathSync, statSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import type { ContextFile } from "./files";
import { listFiles } from "./files";
import type { IgnoreRule } from "./ignore-file";
import { readIgnoreFile } from "./ignore-file";
import { isInside, realTarget } from "./links";

/** Where an image's sources are. */
export interface ContextPlace {
  /** Folder, absolute or below the folder that the program runs in. */
  readonly context: string;
  /** File, absolute or below the context. */
  readonly dockerfile: string;
}

/** A context as it is on disk. */
export interface BuildContext {
  /** The folder's real, absolute path. */
  readonly root: string;
  /** Absolute path of the Dockerfile. */
  readonly dockerfile: string;
  /** What a builder gets. */
  readonly files: readonly ContextFile[];
  /** All that is wrong with it, in sentences; it can be used only when there are none. */
  readonly problems: readonly string[];
}

/** Problems that are named one by one; a context with thousands of sockets does not fill the terminal. */
const MAX_NAMED = 20;

/** Looks at a context without reading its files' bytes. */
export function readContext(place: ContextPlace): BuildContext {
  const root = realFolder(place.context);
  const dockerfile = resolve(root ?? place.context, place.dockerfile);
  if (root === undefined) {
    const path = resolve(place.context);
    const problems = [`context ${shown(place.context)} does not exist: there is no folder ${path}`];
    return { root: path, dockerfile, files: [], problems };
  }
  const ignore = readIgnore(root, dockerfile);
  const always = [dockerfile, ...ignore.files].filter((path) => isFileInside(root, path));
  const names = always.map((path) => relative(root, path).split(sep).join("/"));
  const { files, problems } = listFiles(root, { rules: ignore.rules, always: names });
  const inContext = [...ignore.problems, ...named(problems)];
  return {
    root,
    dockerfile,
    files,
    problems: [
      ...checkDockerfile(root, place, dockerfile),
      ...inContext.map((problem) => `context ${shown(place.context)}: ${problem}`),
    ],
  };
}

function realFolder(path: string): string | undefined {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true ? realpathSync(path) : undefined;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function isFileInside(root: string, path: string): boolean {
  return isInside(root, path) && isInside(root, realTarget(path)) && isFile(path);
}

function checkDockerfile(root: string, place: ContextPlace, path: string): string[] {
  const field = `dockerfile ${shown(place.dockerfile)}`;
  if (!isInside(root, path) || !isInside(root, realTarget(path))) {
    return [
      `${field} is outside of the context ${shown(place.context)}; move it in, or choose a context that has it`,
    ];
  }
  if (isFile(path)) return [];
  return [`${field} is no file of the context ${shown(place.context)}; a path here begins at the context`];
}

interface IgnoreInUse {
  /** The file that is followed; none when there is none. */
  readonly files: readonly string[];
  readonly rules: readonly IgnoreRule[];
  readonly problems: readonly string[];
}

/** `<Dockerfile>.dockerignore` comes before `.dockerignore`. Source: Docker docs, "Filename and location". */
function readIgnore(root: string, dockerfile: string): IgnoreInUse {
  const candidates = [`${dockerfile}.dockerignore`, join(root, ".dockerignore")];
  const path = candidates.find((candidate) => isFileInside(root, candidate));
  if (path === undefined) return { files: [], rules: [], problems: [] };
  const { rules, problems } = readIgnoreFile(readFileSync(path, "utf8"));
  const name = relative(root, path);
  return { files: [path], rules, problems: problems.map((problem) => `${name}, ${problem}`) };
}

function named(problems: readonly string[]): string[] {
  const more = problems.length - MAX_NAMED;
  return more > 0 ? [...problems.slice(0, MAX_NAMED), `and ${more} more like these`] : [...problems];
}

function shown(path: string): string {
  return JSON.stringify(path);
}
