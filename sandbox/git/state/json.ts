import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * The value kept in a file; `fallback` when there is no such file.
 *
 * @throws when the file is there and is no JSON; the message has the path, never the content.
 */
export function readJson<T>(path: string, fallback: T): T {
  const text = readIfThere(path);
  if (text === undefined) return fallback;
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new Error(`${path} is not valid JSON. Delete it, or delete the whole sandbox and start it again.`);
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * Writes the file whole or not at all: a reader, or a start after a kill, sees the old or the new value.
 * Only one process writes, and it writes synchronously: no two writes of one file can meet.
 */
export function writeJson(path: string, value: unknown): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const unfinished = `${path}.new`;
  writeFileSync(unfinished, JSON.stringify(value, null, 2), { mode: 0o600 });
  renameSync(unfinished, path);
}

export function removeJson(path: string): void {
  rmSync(path, { force: true });
}
