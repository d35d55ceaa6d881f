import { execFile } from "node:child_process";

export interface RunOptions {
  readonly cwd?: string;
  /** The whole environment; @default that of this process */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly input?: string | Buffer;
  readonly timeoutMs?: number;
}

export interface RunResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;

/** Runs a command by argument vector and returns what it printed, whatever its exit code. */
export async function tryRun(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  const { input, timeoutMs, ...rest } = options;
  return new Promise((resolve) => {
    const settings = { ...rest, timeout: timeoutMs ?? 0, maxBuffer: MAX_OUTPUT_BYTES };
    const child = execFile(command, [...args], settings, (error, stdout, stderr) => {
      const code = error === null ? 0 : exitCode(error);
      resolve({ stdout, stderr: error !== null && stderr === "" ? error.message : stderr, code });
    });
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
  });
}

function exitCode(error: { code?: unknown }): number {
  return typeof error.code === "number" ? error.code : 1;
}

/**
 * Runs a command by argument vector and returns its standard output.
 *
 * @throws when it ends with another code than 0; the message has the command and the end of its error output.
 */
export async function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const result = await tryRun(command, args, options);
  if (result.code === 0) return result.stdout;
  const said = (result.stderr || result.stdout).trimEnd().split("\n").slice(-20).join("\n");
  throw new Error(`${command} ${args.join(" ")} ended with code ${result.code}:\n${said}`);
}
