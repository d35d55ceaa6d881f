import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { throwIfAny } from "../mistake";
import { cloneEnvironment } from "./clone";
import { libraries } from "../libraries";

/** Never part of a pipeline's sources: what an installation or a build puts beside them. */
const IGNORED = ["**/node_modules/**", "**/.git/**"];

/**
 * Paths below `root` that fit the patterns, with `/` between folders, in order of their UTF-16 code units.
 * Symbolic links are followed: what reads the files follows them, too.
 */
export function listFiles(root: string, patterns: readonly string[]): string[] {
  return libraries.glob
    .globSync([...patterns], {
      cwd: root,
      dot: true,
      ignore: IGNORED,
    })
    .sort();
}

/**
 * SHA-256 in hex over the names and bytes of the files that fit the patterns: the same in another checkout,
 * whatever the times and the place. What the repository's `.gitignore` leaves out is no source.
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
  return hashListed(root, withoutIgnored(root, listFiles(root, patterns)));
}

/** SHA-256 in hex over the names and bytes of files below a folder, in that order. */
export function hashListed(root: string, paths: readonly string[]): string {
  const hash = createHash("sha256");
  for (const path of paths) {
    const content = readFileSync(join(root, path));
    hash.update(`${Buffer.byteLength(path)}:${path}:${content.length}:`).update(content);
  }
  return hash.digest("hex");
}

/** How long Git may take to answer, in milliseconds. */
const IGNORE_TIMEOUT_MS = 30_000;
/** How much it may say, in bytes. */
const IGNORE_OUTPUT_BYTES = 64 * 1024 * 1024;

/**
 * The files that Git would take into the repository: another checkout has no others. By the repository's own rules, not
 * by its user's. All of them where there is no repository.
 */
function withoutIgnored(root: string, paths: readonly string[]): readonly string[] {
  if (paths.length === 0) return paths;
  const env = { ...cloneEnvironment(), GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" };
  const stdio: ["pipe", "pipe", "ignore"] = ["pipe", "pipe", "ignore"];
  const limits = { timeout: IGNORE_TIMEOUT_MS, maxBuffer: IGNORE_OUTPUT_BYTES };
  try {
    const input = paths.map((path) => `${path}\0`).join("");
    const options = { cwd: root, env, input, stdio, encoding: "utf8", ...limits } as const;
    const ignored = new Set(execFileSync("git", ["check-ignore", "-z", "--stdin"], options).split("\0"));
    return paths.filter((path) => !ignored.has(path));
  } catch {
    // It ignores none of them (exit code 1), or there is no repository (128).
    return paths;
  }
}
