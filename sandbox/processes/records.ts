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

/** Start time of a live process; undefined when it is gone or a zombie. See proc(5), field 22 of `stat`. */
export function startTicksOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [state, ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return state === "Z" || state === "X" ? undefined : rest[18];
  } catch {
    return undefined;
  }
}

/** Whether the very process of the record still runs. */
export function isAlive(record: ProcessRecord): boolean {
  return startTicksOf(record.pid) === record.startTicks;
}
