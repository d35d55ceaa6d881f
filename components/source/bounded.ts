import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import type { Environment } from "../environment";

/** What a program may take. When it takes more it is ended, with all that it has started. */
export interface Bounds {
  readonly cwd: string;
  readonly env: Environment;
  /** What it reads; nothing by default. */
  readonly input?: string;
  readonly seconds: number;
  /** Of standard output and standard error together. */
  readonly maxBytes: number;
}

/** How a program ended, and what it said. */
export interface Ended {
  /** Undefined when it was ended by a signal, or did not start. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** Which bound it met. */
  readonly exceeded: "seconds" | "maxBytes" | undefined;
  /** Why it did not start, as `ENOENT`. */
  readonly startError: string | undefined;
}

/** Programs that run now. Each leads a process group, since what it starts has to end with it. */
const running = new Set<ChildProcess>();

/** Ends every program that {@link runBounded} has started, and what those have started. */
export function endPrograms(): void {
  for (const child of running) endGroup(child);
}

/** Runs a program to its end, whatever its exit code, or until it meets one of its bounds. */
export async function runBounded(command: string, args: readonly string[], bounds: Bounds): Promise<Ended> {
  const { cwd, env, input, seconds } = bounds;
  const child = spawn(command, [...args], { cwd, env: { ...env }, detached: true });
  running.add(child);
  let exceeded: Ended["exceeded"];
  const stop = (bound: "seconds" | "maxBytes") => () => {
    exceeded ??= bound;
    endGroup(child);
    // Something that left the group may hold these open.
    child.stdout.destroy();
    child.stderr.destroy();
  };
  const timer = setTimeout(stop("seconds"), seconds * 1000);
  const texts = collect(child, bounds.maxBytes, stop("maxBytes"));
  // A program that ends early does not read its input; its exit code says why.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const end = await endOf(child);
  clearTimeout(timer);
  running.delete(child);
  return { ...end, ...texts(), exceeded };
}

function collect(
  { stdout, stderr }: ChildProcess,
  maxBytes: number,
  onTooMuch: () => void,
): () => Pick<Ended, "stdout" | "stderr"> {
  const said = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  let size = 0;
  const take = (chunks: Buffer[]) => (chunk: Buffer) => {
    size += chunk.length;
    if (size <= maxBytes) chunks.push(chunk);
    else onTooMuch();
  };
  stdout?.on("data", take(said.stdout));
  stderr?.on("data", take(said.stderr));
  const text = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString("utf8");
  return () => ({ stdout: text(said.stdout), stderr: text(said.stderr) });
}

function endOf(child: ChildProcess): Promise<Pick<Ended, "code" | "startError">> {
  return new Promise((resolve) => {
    child.on("error", (error: NodeJS.ErrnoException) => {
      resolve({ code: undefined, startError: error.code ?? error.message });
    });
    child.on("close", (code) => resolve({ code: code ?? undefined, startError: undefined }));
  });
}

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}
