import { mkdirSync, mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isLeftover, ownedPrefix, removeFolder } from "../../source/leftover";
import { LedgerError } from "../failure";

const NAME = "delivery-ledger";
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
    const path = mkdtempSync(join(tmpdir(), ownedPrefix(NAME)));
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

/** What cannot be removed now, as where no more files may be opened, is tried again at the end of the process. */
export function closeWorkspace(path: string): void {
  if (!tryRemove(path)) return;
  open.delete(path);
  if (open.size === 0) unwatch();
}

/** A folder that stays is no reason to lose what the operation has to say. */
function tryRemove(path: string): boolean {
  try {
    removeFolder(path);
    return true;
  } catch {
    return false;
  }
}

function removeAll(): void {
  for (const path of open) tryRemove(path);
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

/** Removes what processes that are gone have left. */
function sweep(folder: string): void {
  const left = readdirSync(folder).map((name) => join(folder, name));
  for (const path of left.filter((each) => isLeftover(NAME, each))) removeFolder(path);
}
