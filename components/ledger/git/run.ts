import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import type { Environment } from "../../environment";
import type { Credential } from "../access";
import { gitEnvironment, secretForms } from "./environment";
import { explain } from "./explain";
import { readHttpAnswer } from "./http-answer";
import type { HttpAnswer } from "./http-answer";
import { layOutRepository, traceFile } from "./settings";
import { layOutSsh } from "./ssh";
import { closeWorkspace, openWorkspace } from "./workspace";

/** How long one command may take, in milliseconds. */
export const GIT_TIMEOUT_MS = 10 * 60 * 1000;
/** How long a connection may take to be made, in milliseconds. Git itself would wait for five minutes. */
export const CONNECT_TIMEOUT_MS = 10_000;
const MAX_OUTPUT_BYTES = 1024 * 1024 * 1024;

/** An empty repository in a temporary folder, with one remote. */
export interface Git {
  readonly workspace: string;
  readonly address: string;
  readonly credential: Credential;
  readonly env: Readonly<Record<string, string>>;
}

/** What a command said, without any secret. */
export interface GitResult {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
  /** The last answer over http, if there was one. */
  readonly http: HttpAnswer | undefined;
}

export interface GitInput {
  readonly input?: string | Buffer;
  /** On top of the repository's own. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Makes a temporary repository. Close it with {@link closeGit}, whatever happens. */
export function openGit(address: string, credential: Credential, system: Environment): Git {
  const workspace = openWorkspace();
  try {
    layOutRepository(workspace, address);
    layOutSsh(workspace, credential);
  } catch (error) {
    closeWorkspace(workspace);
    throw explain({ code: -1, stdout: Buffer.alloc(0), stderr: String(error), http: undefined }, credential);
  }
  return { workspace, address, credential, env: gitEnvironment(workspace, address, credential, system) };
}

export function closeGit({ workspace }: Git): void {
  closeWorkspace(workspace);
}

/** Runs a command to its end, whatever its exit code. */
export async function tryGit(git: Git, args: readonly string[], given: GitInput = {}): Promise<GitResult> {
  // Made beforehand, since Git would let everybody read it.
  writeFileSync(traceFile(git.workspace), "", { mode: 0o600 });
  const options = {
    cwd: git.workspace,
    env: { ...git.env, ...given.env },
    encoding: "buffer",
    timeout: GIT_TIMEOUT_MS,
    maxBuffer: MAX_OUTPUT_BYTES,
  } as const;
  const said = await new Promise<Omit<GitResult, "http">>((resolve) => {
    let late = "";
    const child = execFile("git", [...args], options, (error, stdout, stderr) => {
      clearTimeout(watchdog);
      const code = error === null ? 0 : exitCode(error);
      const ended = error?.signal === "SIGXFSZ" ? "git was ended by SIGXFSZ: a file grew too large" : "";
      const words = [late, ended, stderr.toString(), code < 0 && error !== null ? error.message : ""]
        .join("\n")
        .trim();
      resolve({ code, stdout, stderr: hidden(words, git.credential) });
    });
    const watchdog = setTimeout(() => {
      if (!isConnecting(readTrace(git))) return;
      late = `Failed to connect within ${CONNECT_TIMEOUT_MS / 1000} s`;
      child.kill();
    }, CONNECT_TIMEOUT_MS);
    // A command that ended early does not read its input; its exit code says why.
    child.stdin?.on("error", () => {});
    child.stdin?.end(given.input);
  });
  return { ...said, http: readHttpAnswer(readTrace(git)) };
}

/**
 * Runs a command and returns its standard output.
 *
 * @throws LedgerError that says why it failed.
 */
export async function runGit(git: Git, args: readonly string[], given: GitInput = {}): Promise<Buffer> {
  const result = await tryGit(git, args, given);
  if (result.code !== 0) throw explain(result, git.credential);
  return result.stdout;
}

/** -1 when it did not start or was ended by a signal. */
function exitCode({ code }: { readonly code?: unknown }): number {
  return typeof code === "number" ? code : -1;
}

function hidden(text: string, credential: Credential): string {
  return secretForms(credential).reduce((words, secret) => words.replaceAll(secret, "[hidden]"), text);
}

/** Whether it has begun to connect and has not got through. ssh has a limit of its own. */
function isConnecting(trace: string): boolean {
  return /== Info: +Trying /.test(trace) && !/== Info: (?:Connected to|Established connection)/.test(trace);
}

function readTrace({ workspace }: Git): string {
  try {
    return readFileSync(traceFile(workspace), "latin1");
  } catch {
    return "";
  }
}
