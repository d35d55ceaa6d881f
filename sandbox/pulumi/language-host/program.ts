import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { signalGroup } from "../../processes/services.ts";

/**
 * How long a program that was asked to end may take before it is killed, in milliseconds. The engine kills the
 * host after 5 s, and nobody would be left to kill the program then.
 */
export const STOP_GRACE_MS = 2_000;
/** How long the rest of the output is waited for when something else holds the program's pipes open. */
export const DRAIN_MS = 1_000;

export type Ending =
  | { readonly how: "exit"; readonly code: number }
  | { readonly how: "signal"; readonly signal: string }
  | { readonly how: "stopped" }
  | { readonly how: "not started"; readonly reason: string };

export interface RunningProgram {
  readonly ended: Promise<Ending>;
  /** Ends the program and everything in its process group. */
  stop(): Promise<void>;
}

/**
 * Starts Node with these arguments in a process group of its own; its output goes where the host's goes, which
 * is the engine.
 */
export function startProgram(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): RunningProgram {
  const child = spawn(process.execPath, args, { detached: true, stdio: ["ignore", "pipe", "pipe"], env });
  child.stdout.pipe(process.stdout, { end: false });
  child.stderr.pipe(process.stderr, { end: false });
  const exited = endingOf(child);
  const drained = new Promise<void>((resolve) => child.once("close", () => resolve()));
  let stopped = false;
  const stop = async (): Promise<void> => {
    stopped = true;
    if (child.pid === undefined) return;
    signalGroup(child.pid, "SIGINT");
    await Promise.race([exited, sleep(STOP_GRACE_MS)]);
    signalGroup(child.pid, "SIGKILL");
  };
  const ended = exited.then(async (ending): Promise<Ending> => {
    await Promise.race([drained, sleep(DRAIN_MS, undefined, { ref: false })]);
    return stopped ? { how: "stopped" } : ending;
  });
  return { ended, stop };
}

function endingOf(child: ChildProcess): Promise<Ending> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ how: "not started", reason: error.message }));
    child.once("exit", (code, signal) =>
      resolve(signal === null ? { how: "exit", code: code ?? 1 } : { how: "signal", signal }),
    );
  });
}
