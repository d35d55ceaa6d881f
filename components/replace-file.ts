import { randomBytes } from "node:crypto";
import {
  closeSync,
  fchmodSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";

const DEFAULT_MODE = 0o644;
const NAME_BYTES = 6;

/**
 * Writes a file whole or not at all: who reads it meanwhile, and whoever looks after a kill or a power failure, has the
 * old text or the new one. It keeps its rights, and a link goes on to lead to it. No two that write at once use the same
 * temporary file, which stands beside it, since a rename works inside one file system only.
 */
export function replaceFile(path: string, text: string): void {
  const before = statSync(path, { throwIfNoEntry: false });
  const target = before === undefined ? path : realpathSync(path);
  const fresh = `${target}.${randomBytes(NAME_BYTES).toString("hex")}.new`;
  try {
    writeDurably(fresh, text, before?.mode);
    renameSync(fresh, target);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}

/** What is renamed before its bytes are on the disk may be empty after a power failure. */
function writeDurably(path: string, text: string, mode: number | undefined): void {
  const file = openSync(path, "wx", DEFAULT_MODE);
  try {
    if (mode !== undefined) fchmodSync(file, mode);
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
