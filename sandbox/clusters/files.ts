import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

export function makePrivateDir(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
}

/** Writes a file that only its owner can read, whole or not at all. */
export function writePrivate(path: string, content: string): void {
  makePrivateDir(dirname(path));
  writeFileSync(`${path}.new`, content, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

export const allExist = (...paths: readonly string[]): boolean => paths.every((path) => existsSync(path));
