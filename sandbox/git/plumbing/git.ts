import { execFile } from "node:child_process";

const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;
/** Longer than any plumbing command of the sandbox takes. */
const TIMEOUT_MS = 60_000;

export interface GitOptions {
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
}

export interface GitResult {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Nothing of the user's reaches Git: no configuration, no prompts, no editor, no credentials. */
export function scrubbedEnvironment(): Record<string, string> {
  return {
    PATH: process.env["PATH"] ?? "/usr/bin:/bin",
    HOME: "/nonexistent",
    LC_ALL: "C.UTF-8",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_TERMINAL_PROMPT: "0",
  };
}

/** Runs `git` in a bare repository, by argument vector, and returns what it said whatever its exit code. */
export async function tryGit(
  dir: string,
  args: readonly string[],
  options: GitOptions = {},
): Promise<GitResult> {
  const env = { ...scrubbedEnvironment(), ...options.env };
  const settings = {
    cwd: dir,
    env,
    encoding: "buffer",
    maxBuffer: MAX_OUTPUT_BYTES,
    timeout: TIMEOUT_MS,
  } as const;
  return new Promise((resolve) => {
    const child = execFile("git", [...args], settings, (error, stdout, stderr) => {
      const code = typeof error?.code === "number" ? error.code : Number(error !== null);
      resolve({ code, stdout, stderr: stderr.toString("utf8") || (error?.message ?? "") });
    });
    child.stdin?.on("error", () => {});
    child.stdin?.end(options.input);
  });
}

/** As {@link tryGit}, for commands that must not fail. */
export async function git(dir: string, args: readonly string[], options: GitOptions = {}): Promise<Buffer> {
  const { code, stdout, stderr } = await tryGit(dir, args, options);
  if (code === 0) return stdout;
  throw new Error(`git ${args[0]} in ${dir} ended with code ${code}: ${stderr.trim()}`);
}

/** The command's output without the line end; undefined when it fails. */
export async function gitLine(dir: string, args: readonly string[]): Promise<string | undefined> {
  const { code, stdout } = await tryGit(dir, args);
  return code === 0 ? stdout.toString("utf8").trimEnd() : undefined;
}
