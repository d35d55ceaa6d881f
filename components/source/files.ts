import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { globSync } from "tinyglobby";
import { throwIfAny } from "../mistake";

/** Never part of a pipeline's sources: what an installation or a build puts beside them. */
const IGNORED = ["**/node_modules/**", "**/.git/**"];

/**
 * Paths below `root` that fit the patterns, with `/` between folders, in order of their UTF-16 code units.
 * Symbolic links are followed: what reads the files follows them, too.
 */
export function listFiles(root: string, patterns: readonly string[]): string[] {
  return globSync([...patterns], {
    cwd: root,
    dot: true,
    ignore: IGNORED,
  }).sort();
}

/**
 * SHA-256 in hex over the names and bytes of the files that fit the patterns: the same in another checkout,
 * whatever the times and the place.
 *
 * @throws Mistake with every pattern that fits no file: what it was meant for would be missing from the hash.
 */
export function hashFiles(root: string, patterns: readonly string[]): string {
  const unfit = patterns.filter(
    (pattern) => !pattern.startsWith("!") && listFiles(root, [pattern]).length === 0,
  );
  throwIfAny(
    `The sources of the pipeline in ${root}`,
    unfit.map((pattern) => `${JSON.stringify(pattern)} fits no file there; correct source.pipeline`),
  );
  const hash = createHash("sha256");
  for (const path of listFiles(root, patterns)) {
    const content = readFileSync(join(root, path));
    hash.update(`${Buffer.byteLength(path)}:${path}:${content.length}:`).update(content);
  }
  return hash.digest("hex");
}
