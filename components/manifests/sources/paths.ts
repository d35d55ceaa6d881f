import { existsSync, readFileSync, readdirSync, realpathSync, statSync } from "node:fs";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import { Mistake } from "../../mistake";
import { shown } from "../names";
import { MAX_YAML_BYTES, parseYaml } from "../yaml";

/** Most files of one chart. */
export const MAX_SOURCE_FILES = 10_000;
/** Deepest folder of a chart, in levels. */
const MAX_FOLDER_DEPTH = 32;

/** The path with `/`, from the root. */
export function fromRoot(root: string, path: string): string {
  return relative(root, path).split(sep).join("/") || ".";
}

/**
 * Where a path below the root really is. Links are followed, also those of folders on the way.
 *
 * @throws Mistake when there is nothing, or it lies outside of the root.
 */
export function requireBelow(root: string, path: string): string {
  const what = `Reading ${path}`;
  if (path === "" || path.includes("\0") || isAbsolute(path)) {
    throw new Mistake(what, [`${shown(path)} is no path below the root; give one that begins there`]);
  }
  const asked = resolve(root, path);
  if (!isBelow(root, asked)) throw new Mistake(what, [`${path} leaves the root; keep what is read below it`]);
  if (!existsSync(asked)) throw new Mistake(what, [`${path} is not there; correct the path`]);
  const real = realpathSync(asked);
  if (isBelow(realpathSync(root), real)) return asked;
  throw new Mistake(what, [`${path} is a link, or behind one, that leaves the root; keep a copy below it`]);
}

function isBelow(root: string, path: string): boolean {
  const from = relative(root, path);
  return from !== ".." && !from.startsWith(`..${sep}`) && !isAbsolute(from);
}

/**
 * Every file of a folder, from the root. A link that leaves the root is refused.
 *
 * @throws Mistake also when it has too many files or is too deep.
 */
export function filesBelow(root: string, folder: string, depth = 0): string[] {
  const at = requireBelow(root, folder);
  if (!statSync(at).isDirectory()) return [folder];
  if (depth > MAX_FOLDER_DEPTH) {
    throw new Mistake(`Reading ${folder}`, [
      `it is deeper than ${MAX_FOLDER_DEPTH} folders; make it flatter`,
    ]);
  }
  const names = readdirSync(at).sort();
  const files = names.flatMap((name) => filesBelow(root, fromRoot(root, join(at, name)), depth + 1));
  if (files.length <= MAX_SOURCE_FILES) return files;
  throw new Mistake(`Reading ${folder}`, [`it has more than ${MAX_SOURCE_FILES} files; split it`]);
}

/**
 * The documents of a YAML file below the root, within all bounds of `parseYaml`. A tool that reads the file after this
 * meets no bomb in it.
 */
export function readYaml(root: string, path: string): unknown[] {
  const at = requireBelow(root, path);
  const { size } = statSync(at);
  if (size > MAX_YAML_BYTES) {
    throw new Mistake(`Reading ${path}`, [`it has ${size} bytes; ${MAX_YAML_BYTES} is the most, split it`]);
  }
  return parseYaml(readFileSync(at, "utf8"), { origin: path });
}

/** Whether it is a folder below the root. */
export function isFolder(root: string, path: string): boolean {
  return statSync(requireBelow(root, path)).isDirectory();
}
