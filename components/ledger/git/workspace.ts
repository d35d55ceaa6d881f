import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { LedgerError } from "../failure";

const NAME = "delivery-ledger";
/** A folder of another machine or container, whose processes are not seen from here, is left alone for a day. */
const FOREIGN_AGE_MS = 24 * 60 * 60 * 1000;
const SIGNALS: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/** The folders of operations under way, for the case that this process is ended. */
const open = new Set<string>();

/**
 * A temporary folder of its own, for its owner only. It is removed by {@link closeWorkspace}, at the end of the
 * process and by SIGINT, SIGTERM and SIGHUP. What a SIGKILL leaves is removed by the next operation.
 */
export function openWorkspace(): string {
  try {
    sweep(tmpdir());
    const path = mkdtempSync(join(tmpdir(), `${NAME}-${machine()}-${process.pid}-`));
    if (open.size === 0) watch();
    open.add(path);
    for (const folder of ["home", "tmp"]) mkdirSync(join(path, folder), { mode: 0o700 });
    return path;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new LedgerError("local", [
      `no temporary folder could be made in ${tmpdir()} (${code}); free some space there, or set TMPDIR to another`,
    ]);
  }
}

export function closeWorkspace(path: string): void {
  open.delete(path);
  if (open.size === 0) unwatch();
  remove(path);
}

/** A Git process that outlived its parent may still write: what it adds meanwhile is removed, too. */
function remove(path: string): void {
  rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
}

function removeAll(): void {
  for (const path of open) remove(path);
  open.clear();
}

/** Cleans up and lets the signal do what it would have done. */
function onSignal(signal: NodeJS.Signals): void {
  removeAll();
  unwatch();
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
}

function watch(): void {
  process.once("exit", removeAll);
  for (const signal of SIGNALS) process.on(signal, onSignal);
}

function unwatch(): void {
  process.off("exit", removeAll);
  for (const signal of SIGNALS) process.off(signal, onSignal);
}

/** Containers may share a temporary folder and count processes each on their own. */
function machine(): string {
  return createHash("sha256").update(hostname()).digest("hex").slice(0, 8);
}

/** Removes what processes that are gone have left. */
function sweep(folder: string): void {
  const left = new RegExp(`^${NAME}-([0-9a-f]{8})-(\\d+)-`);
  for (const name of readdirSync(folder)) {
    const [, host, pid] = left.exec(name) ?? [];
    if (pid === undefined) continue;
    const path = join(folder, name);
    if (isAbandoned(path, host === machine() ? Number(pid) : undefined)) remove(path);
  }
}

function isAbandoned(path: string, pid: number | undefined): boolean {
  try {
    const { uid, mtimeMs } = lstatSync(path);
    if (uid !== (process.getuid?.() ?? uid)) return false;
    return pid === undefined ? Date.now() - mtimeMs > FOREIGN_AGE_MS : !isRunning(pid);
  } catch {
    return false;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
