import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Writes a file that only its owner can read, whole or not at all. */
export function writePrivate(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(`${path}.new`, content, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** The text of a file; undefined when there is none. */
export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** What the file keeps; made and written first when there is no file yet. */
export async function kept<T>(path: string, make: () => T | Promise<T>): Promise<T> {
  const known = readIfThere(path);
  if (known !== undefined) return JSON.parse(known) as T;
  const made = await make();
  writePrivate(path, JSON.stringify(made, null, 2));
  return made;
}
