import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { TOKEN_VARIABLE, argsFor } from "./support";
import type { Deploy, LedgerWorld } from "./support";

export interface WriterSettings {
  readonly prefix: string;
  readonly rounds: number;
  /** The same files in each round; without them each round has others. */
  readonly files?: Readonly<Record<string, string>>;
  /** Instead of files: one of so many bytes that cannot be compressed to less than half. */
  readonly noiseBytes?: number;
  /** @default one of its own */
  readonly stack?: string;
  /** The step at which it kills itself with SIGKILL. */
  readonly killAt?: string;
  /** Prints its steps, and takes an unchanged branch for a success. */
  readonly announce?: boolean;
}

export interface Writer {
  readonly process: ChildProcess;
  readonly ended: Promise<{
    readonly code: number | null;
    readonly signal: string | null;
    readonly said: string;
  }>;
}

/** The command line of a publisher. */
export function writerCommand(deploy: Deploy, settings: WriterSettings): string[] {
  const { prefix, rounds, files, killAt, announce, noiseBytes } = settings;
  const message = { subject: `Deploy ${prefix}`, stack: settings.stack ?? `writers/${prefix}` };
  const { repository, branch, access } = argsFor(deploy, {});
  const args = { repository, branch, access, prefixes: [prefix], message, files };
  const text = JSON.stringify({ args, rounds, killAt, announce, noiseBytes });
  return [process.execPath, join(import.meta.dirname, "writer.mjs"), text];
}

/** Starts a publisher in a process of its own; the world's folder has the library installed. */
export function startWriter(world: LedgerWorld, deploy: Deploy, settings: WriterSettings): Writer {
  const [command = "", ...args] = writerCommand(deploy, settings);
  const env = { PATH: process.env["PATH"], TMPDIR: world.dir, [TOKEN_VARIABLE]: world.server.token };
  const child = spawn(command, args, { cwd: world.dir, env, detached: true });
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const ended: Writer["ended"] = new Promise((resolve) => {
    child.on("close", (code, signal) => resolve({ code, signal, said }));
  });
  return { process: child, ended };
}
