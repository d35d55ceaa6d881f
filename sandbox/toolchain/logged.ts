import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createWriteStream, mkdirSync } from "node:fs";
import { finished } from "node:stream/promises";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import {
  lastLines,
  removeRecord,
  signalGroup,
  startTicksOf,
  waitUntil,
  writeRecord,
} from "../processes/index.ts";
import type { ProcessRecord } from "../processes/index.ts";
import { ToolchainError } from "./types.ts";
import { recordsFolder } from "./workplace.ts";

const STOP_TIMEOUT_MS = 5_000;
/**
 * Becomes the command once it gets a line, and ends without one: when this process is killed, either the record
 * of the command is written or the command has not begun. So the next run always finds what was left running.
 */
const GATE = 'read -r _ && exec "$0" "$@" </dev/null';

export interface LoggedCommand {
  /** What is being done, for messages and the record; unique among those that run at once. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly log: string;
  /** Gets each line of output as it comes. */
  readonly onLine?: (line: string) => void;
  /** Stops the command with all that it started. Leave it out for what must not be stopped half-way. */
  readonly signal?: AbortSignal;
}

/**
 * Runs a command in a process group of its own and keeps its output in a log.
 *
 * @throws ToolchainError when it ends with another code than 0; the message has the last lines and the log.
 */
export async function runLogged(spec: LoggedCommand): Promise<void> {
  spec.signal?.throwIfAborted();
  mkdirSync(dirname(spec.log), { recursive: true });
  const { command, args, cwd, env } = spec;
  const gated = ["-c", GATE, command, ...args];
  const child = spawn("/bin/sh", gated, { cwd, env, detached: true, stdio: ["pipe", "pipe", "pipe"] });
  const record = spec.signal && remember(spec, child);
  child.stdin.on("error", () => {});
  child.stdin.end("\n");
  const stop = (): void => void stopGroup(child);
  spec.signal?.addEventListener("abort", stop, { once: true });
  try {
    await ended(spec, child);
  } finally {
    spec.signal?.removeEventListener("abort", stop);
    if (record) removeRecord(recordsFolder(), record.name);
  }
}

async function ended(spec: LoggedCommand, child: ChildProcess): Promise<void> {
  const log = createWriteStream(spec.log, { flags: "a" });
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    stream.pipe(log, { end: false });
    createInterface({ input: stream }).on("line", (line) => spec.onLine?.(line));
  }
  const why = await new Promise<string | undefined>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code, signal) =>
      resolve(code === 0 ? undefined : `ended with ${signal ?? `code ${code}`}`),
    );
  });
  log.end();
  await finished(log);
  spec.signal?.throwIfAborted();
  if (why !== undefined) throw failure(spec, why);
}

function failure(spec: LoggedCommand, why: string): ToolchainError {
  const said = lastLines(spec.log).replace(/^/gm, "    ");
  const line = [spec.command, ...spec.args].join(" ");
  return new ToolchainError(`${spec.name}: \`${line}\` ${why}. The end of ${spec.log}:\n${said}`);
}

function remember(spec: LoggedCommand, child: ChildProcess): ProcessRecord | undefined {
  const startTicks = child.pid === undefined ? undefined : startTicksOf(child.pid);
  if (child.pid === undefined || startTicks === undefined) return undefined;
  const { name, command, args, log } = spec;
  const record = { name, pid: child.pid, startTicks, command: [command, ...args], log };
  writeRecord(recordsFolder(), record);
  return record;
}

async function stopGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) return;
  signalGroup(child.pid, "SIGTERM");
  const gone = await waitUntil(
    async () => child.exitCode !== null || child.signalCode !== null,
    STOP_TIMEOUT_MS,
  );
  if (!gone) signalGroup(child.pid, "SIGKILL");
}
