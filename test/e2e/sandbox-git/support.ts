import { createServer } from "node:http";
import type { IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gitCredentials } from "../../../sandbox/git/index.ts";
import type { GitServer } from "../../../sandbox/git/index.ts";
import { run, stopAllServices, tryRun, waitUntil } from "../../../sandbox/processes/index.ts";
import type { RunResult } from "../../../sandbox/processes/index.ts";

export const newSandbox = (): string => mkdtempSync(join(tmpdir(), "git-"));

export async function removeSandbox(dir: string): Promise<void> {
  await stopAllServices(dir);
  rmSync(dir, { recursive: true });
}

/** The real client, with nothing of the user's configuration. `credentials` are environment variables. */
export interface GitClient {
  readonly cwd: string;
  readonly credentials?: Readonly<Record<string, string>>;
}

const environment = (client: GitClient): Record<string, string | undefined> => ({
  PATH: process.env["PATH"],
  HOME: "/nonexistent",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_TERMINAL_PROMPT: "0",
  GIT_AUTHOR_NAME: "Test",
  GIT_AUTHOR_EMAIL: "test@example.com",
  GIT_COMMITTER_NAME: "Test",
  GIT_COMMITTER_EMAIL: "test@example.com",
  LC_ALL: "C.UTF-8",
  ...client.credentials,
});

export const tryGit = (client: GitClient, ...args: string[]): Promise<RunResult> =>
  tryRun("git", args, { cwd: client.cwd, env: environment(client) });

export async function git(client: GitClient, ...args: string[]): Promise<string> {
  return (await run("git", args, { cwd: client.cwd, env: environment(client) })).trim();
}

/** A fresh clone, with a token that goes with each command. */
export async function clone(
  server: GitServer,
  dir: string,
  repository: string,
  token = server.token,
): Promise<GitClient> {
  const cwd = mkdtempSync(join(dir, "clone-"));
  const credentials = gitCredentials(server, token);
  await git({ cwd: dir, credentials }, "clone", "--quiet", `${server.url}${repository}.git`, cwd);
  return { cwd, credentials };
}

/** Writes a file and commits it; returns the commit. */
export async function commitFile(client: GitClient, name: string, content: string | Buffer): Promise<string> {
  writeFileSync(join(client.cwd, name), content);
  await git(client, "add", "--", name);
  await git(client, "commit", "--quiet", "--message", `Change ${name}`);
  return git(client, "rev-parse", "HEAD");
}

/** What a branch is in the bare repository itself, whatever the server says. */
export async function tipOf(server: GitServer, repository: string, branch = "main"): Promise<string> {
  const cwd = join(server.root, `${repository}.git`);
  return (await tryGit({ cwd }, "rev-parse", "--verify", "--quiet", `refs/heads/${branch}`)).stdout.trim();
}

/** The ids of all live processes that work in this folder: `git http-backend` and what it starts go to the repository. */
export function processesIn(folder: string): number[] {
  const ids = readdirSync("/proc").filter((entry) => /^\d+$/.test(entry));
  return ids.filter((id) => workingFolder(id) === folder).map(Number);
}

function workingFolder(id: string): string {
  try {
    return readlinkSync(`/proc/${id}/cwd`);
  } catch {
    return "";
  }
}

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Receiver {
  readonly url: string;
  readonly received: Received[];
  /** Waits for a delivery of this event, and fails when none comes. */
  readonly next: (
    event: string,
    fits?: (payload: Payload) => boolean,
  ) => Promise<Received & { payload: Payload }>;
  readonly close: () => Promise<void>;
}

export type Payload = Readonly<Record<string, unknown>>;

const RECEIVE_TIMEOUT_MS = 15_000;

/** A webhook's receiver that keeps what it gets; `answer` false makes it never answer. */
export async function startReceiver({ answer = true } = {}): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on("data", (chunk: Buffer) => chunks.push(chunk));
    req.on("end", () => {
      received.push({ headers: req.headers, body: Buffer.concat(chunks).toString("utf8") });
      if (answer) res.end("ok");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  const next: Receiver["next"] = async (event, fits = () => true) => {
    const find = (): Received | undefined =>
      received.find(({ headers, body }) => headers["x-github-event"] === event && fits(payloadOf(body)));
    await waitUntil(async () => find() !== undefined, RECEIVE_TIMEOUT_MS);
    const found = find();
    if (found === undefined) throw new Error(`No ${event} event came; ${received.length} others did.`);
    return { ...found, payload: payloadOf(found.body) };
  };
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url, received, next, close };
}

function payloadOf(body: string): Payload {
  const json = body.startsWith("{") ? body : new URLSearchParams(body).get("payload");
  return JSON.parse(json ?? "{}") as Payload;
}
