import { chmodSync, mkdirSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Writes a file whole or not at all. @param mode its permissions, whatever the umask */
export function writeWhole(path: string, content: string, mode = 0o600): void {
  replace(path, (fresh) => {
    writeFileSync(fresh, content, { mode });
    chmodSync(fresh, mode);
  });
}

/**
 * Makes `path` a symbolic link to the file that `target` leads to; what was there is replaced. In a shell that uses the
 * sandbox the target may be this very link.
 */
export function linkTo(path: string, target: string): void {
  const file = realpathSync(target);
  replace(path, (fresh) => symlinkSync(file, fresh));
}

/** Two set-ups at once must not meet half a file. */
function replace(path: string, make: (fresh: string) => void): void {
  mkdirSync(dirname(path), { recursive: true });
  const fresh = `${path}.${process.pid}.new`;
  rmSync(fresh, { force: true });
  make(fresh);
  renameSync(fresh, path);
}

/**
 * A shell script that becomes Node running `file`. What the engine adds to the command line follows `args`.
 *
 * @param env set in the script where the environment does not have it already
 */
export function nodeLauncher(
  file: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): string {
  const settings = Object.entries(env).map(([name, value]) => {
    const fallback = value.replace(/["$`\\]/g, "\\$&");
    return `export ${name}="\${${name}:-${fallback}}"`;
  });
  const words = [process.execPath, file, ...args].map(quote).join(" ");
  return ["#!/bin/sh", ...settings, `exec ${words} "$@"`, ""].join("\n");
}

/** A word that `sh` takes as it is. */
function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
