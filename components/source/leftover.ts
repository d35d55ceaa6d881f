import { createHash } from "node:crypto";
import { lstatSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { basename } from "node:path";

/** A folder of another machine or container, whose processes are not seen from here, is left alone for a day. */
const FOREIGN_AGE_MS = 24 * 60 * 60 * 1000;

/** The beginning of a temporary folder's name: it says which process of which machine it belongs to. */
export function ownedPrefix(name: string): string {
  return `${name}-${machine()}-${process.pid}-`;
}

/**
 * Whether a folder with such a name was left by a process that is gone. One that is not there any more counts as left,
 * where the process was one of this machine; one of another user never does.
 */
export function isLeftover(name: string, path: string): boolean {
  const [, host, pid] = new RegExp(`^${name}-([0-9a-f]{8})-(\\d+)-`).exec(basename(path)) ?? [];
  if (pid === undefined) return false;
  if (host === machine() && isRunning(Number(pid))) return false;
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return host === machine();
  if (stat.uid !== (process.getuid?.() ?? stat.uid)) return false;
  return host === machine() || Date.now() - stat.mtimeMs > FOREIGN_AGE_MS;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Containers may share a temporary folder and count processes each on their own. */
function machine(): string {
  return createHash("sha256").update(hostname()).digest("hex").slice(0, 8);
}

/** A program that is being ended may still write: what it adds meanwhile is removed, too. */
export function removeFolder(path: string): void {
  rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
}
