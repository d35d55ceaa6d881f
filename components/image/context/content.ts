import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import type { ContextFile } from "./files";

/** Files that are read at once: enough to keep a disk busy, far below the usual limit of open files. */
export const MAX_OPEN_FILES = 32;
/** Below this size, in bytes, a file is read in one go; above, it is streamed and never whole in memory. */
const SMALL_FILE_BYTES = 256 * 1024;

/** SHA-256 of each file's bytes, and of each link's target, in the given order. */
export async function contentDigests(root: string, files: readonly ContextFile[]): Promise<Buffer[]> {
  const digests: Buffer[] = new Array<Buffer>(files.length);
  const waiting = files.entries();
  const work = async (): Promise<void> => {
    for (const [index, file] of waiting) digests[index] = await contentDigest(join(root, file.path), file);
  };
  await Promise.all(Array.from({ length: Math.min(MAX_OPEN_FILES, files.length) }, work));
  return digests;
}

async function contentDigest(path: string, { kind, bytes }: ContextFile): Promise<Buffer> {
  const hash = createHash("sha256");
  if (kind === "link") return hash.update(await readlink(path)).digest();
  if (bytes <= SMALL_FILE_BYTES) return hash.update(await readFile(path)).digest();
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest();
}
