import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What is kept of a started process: enough to find it again, and to know that it is still the same one. */
export interface ProcessRecord {
  readonly name: string;
  readonly pid: number;
  /** Clock ticks since boot at which it started: a process id that was given to another has another value. */
  readonly startTicks: string;
  readonly command: readonly string[];
  readonly log: string;
}

const recordPath = (dir: string, name: string): string => join(dir, "run", `${name}.json`);

/** Writes the record whole or not at all. */
export function writeRecord(dir: string, record: ProcessRecord): void {
  mkdirSync(join(dir, "run"), { recursive: true, mode: 0o700 });
  const path = recordPath(dir, record.name);
  writeFileSync(`${path}.new`, JSON.stringify(record, null, 2), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** The record of that name; undefined when nothing of that name was started. */
export function readRecord(dir: string, name: string): ProcessRecord | undefined {
  try {
    return JSON.parse(readFileSync(recordPath(dir, name), "utf8")) as ProcessRecord;
  } catch {
    return undefined;
  }
}

export function removeRecord(dir: string, name: string): void {
  rmSync(recordPath(dir, name), { force: true });
}

/** Every record in the folder, by name. */
export function listRecords(dir: string): ProcessRecord[] {
  let names: string[];
  try {
    names = readdirSync(join(dir, "run"));
  } catch {
    return [];
  }
  const found = names
    .filter((name) => name.endsWith(".json"))
    .map((name) => readRecord(dir, name.slice(0, -5)));
  return found.filter((record) => record !== undefined).sort((a, b) => a.name.localeCompare(b.name));
}

/**
 * Start time of a process; undefined when it is gone. A process whose first thread has ended is there as long as
 * another thread is: that one may still hold a port. See proc(5), fields 3 and 22 of `stat`.
 */
export function startTicksOf(pid: number): string | undefined {
  const fields = statFields(`/proc/${pid}/stat`);
  return fields !== undefined && threadsOf(pid).some(isRunning) ? fields[19] : undefined;
}

/** Whether the very process of the record still runs. */
export function isAlive(record: ProcessRecord): boolean {
  return startTicksOf(record.pid) === record.startTicks;
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map((thread) => `/proc/${pid}/task/${thread}/stat`);
  } catch {
    return [];
  }
}

function isRunning(thread: string): boolean {
  const state = statFields(thread)?.[0];
  return state !== undefined && state !== "Z" && state !== "X";
}

/** The fields behind the name, which may have spaces and brackets itself: the first is the state. */
function statFields(path: string): string[] | undefined {
  try {
    const stat = readFileSync(path, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}
