import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isAlive, listRecords, readRecord, removeRecord, startTicksOf, writeRecord } from "./records.ts";
import type { ProcessRecord } from "./records.ts";
import { waitUntil } from "./wait.ts";

/** How long a service may take until it is ready, in milliseconds. */
export const DEFAULT_READY_TIMEOUT_MS = 60_000;
/** How long a service may take to end after SIGTERM before it is killed, in milliseconds. */
export const DEFAULT_STOP_TIMEOUT_MS = 10_000;

export interface ServiceSpec {
  /** Unique in its sandbox; also the name of its log. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment of the process: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** True once the service can be used. */
  readonly ready: () => Promise<boolean>;
  /** @default {@link DEFAULT_READY_TIMEOUT_MS} */
  readonly readyTimeoutMs?: number;
}

/**
 * Starts a service in the background, in a process group of its own, and waits until it is ready.
 * A service of that name that already runs is kept as it is.
 *
 * @param dir the sandbox's folder; `dir/run` keeps the record and `dir/logs` the output.
 * @throws when it ends or is not ready in time; the message has the last lines of its log.
 */
export async function startService(dir: string, spec: ServiceSpec): Promise<ProcessRecord> {
  const known = readRecord(dir, spec.name);
  if (known !== undefined && (await becomesReady(known, spec))) return known;
  // One that was killed a moment ago looks alive until its last thread has ended; a new one then takes its place.
  const record = known !== undefined && isAlive(known) ? known : launch(dir, spec);
  if (record !== known && (await becomesReady(record, spec))) return record;
  const seconds = (spec.readyTimeoutMs ?? DEFAULT_READY_TIMEOUT_MS) / 1000;
  const what = isAlive(record) ? `was not ready after ${seconds} s` : "ended before it was ready";
  await stopService(dir, spec.name);
  throw new Error(`${spec.name} ${what}. The end of ${record.log}:\n${lastLines(record.log)}`);
}

/** Waits until the process is ready, has ended, or has had its time. */
async function becomesReady(record: ProcessRecord, { ready, readyTimeoutMs }: ServiceSpec): Promise<boolean> {
  const settled = async (): Promise<boolean> => !isAlive(record) || (await ready());
  const inTime = await waitUntil(settled, readyTimeoutMs ?? DEFAULT_READY_TIMEOUT_MS);
  return inTime && isAlive(record);
}

function launch(dir: string, spec: ServiceSpec): ProcessRecord {
  const log = join(dir, "logs", `${spec.name}.log`);
  mkdirSync(dirname(log), { recursive: true, mode: 0o700 });
  const out = openSync(log, "a", 0o600);
  const child = spawn(spec.command, spec.args, {
    detached: true,
    stdio: ["ignore", out, out],
    env: { ...spec.env },
    ...(spec.cwd === undefined ? {} : { cwd: spec.cwd }),
  });
  closeSync(out);
  child.on("error", () => {});
  child.unref();
  if (child.pid === undefined) throw new Error(`${spec.name} did not start: ${spec.command} cannot be run.`);
  const startTicks = startTicksOf(child.pid) ?? "ended";
  const record = { name: spec.name, pid: child.pid, startTicks, command: [spec.command, ...spec.args], log };
  writeRecord(dir, record);
  return record;
}

/** Stops the service of that name and all that it started in its group. Nothing happens when it does not run. */
export async function stopService(
  dir: string,
  name: string,
  timeoutMs = DEFAULT_STOP_TIMEOUT_MS,
): Promise<void> {
  const record = readRecord(dir, name);
  if (record === undefined) return;
  if (isAlive(record)) {
    signalGroup(record.pid, "SIGTERM");
    // One that a test has paused hears of it only when it goes on.
    signalGroup(record.pid, "SIGCONT");
    const ended = await waitUntil(async () => !groupExists(record.pid), timeoutMs);
    if (!ended) signalGroup(record.pid, "SIGKILL");
    await waitUntil(async () => !groupExists(record.pid), DEFAULT_STOP_TIMEOUT_MS);
  }
  removeRecord(dir, name);
}

/** Stops every service of the sandbox, in parallel. */
export async function stopAllServices(dir: string): Promise<void> {
  await Promise.all(listRecords(dir).map((record) => stopService(dir, record.name)));
}

/** The whole group, by its id; a group that is already gone is no error. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function groupExists(pid: number): boolean {
  try {
    return process.kill(-pid, 0);
  } catch {
    return false;
  }
}

/** The last lines of a file; empty when there is none. */
export function lastLines(path: string, count = 20): string {
  if (!existsSync(path)) return "";
  return readFileSync(path, "utf8").trimEnd().split("\n").slice(-count).join("\n");
}
