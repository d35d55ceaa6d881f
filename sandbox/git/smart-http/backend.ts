import { spawn } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import type { IncomingMessage, ServerResponse } from "node:http";
import { scrubbedEnvironment } from "../plumbing/index.ts";
import { ACTOR_VARIABLE, encodeActor } from "../policy/index.ts";
import type { Actor } from "../policy/index.ts";
import type { Repository } from "../state/index.ts";
import { parseCgiHead } from "./cgi.ts";
import type { GitRequest } from "./route.ts";

export interface BackendCall {
  readonly root: string;
  readonly request: GitRequest;
  readonly repository: Repository;
  /** Undefined for somebody who gave no token; such a one cannot push. */
  readonly actor: Actor | undefined;
}

/**
 * See git-http-backend(1). The repository's path is made from what the server knows, not from the address. There is no
 * `CONTENT_LENGTH`: with one, the backend of a server that is killed in the middle of a request reads its closed input
 * again and again for ever. Without one it reads to the end, and Git itself sees that a push is not whole.
 */
export function backendEnvironment(call: BackendCall, req: IncomingMessage): Record<string, string> {
  const { request, repository, actor } = call;
  const action = request.advertisement ? "info/refs" : request.service;
  const optional: Record<string, string | undefined> = {
    CONTENT_TYPE: req.headers["content-type"],
    HTTP_CONTENT_ENCODING: req.headers["content-encoding"],
    GIT_PROTOCOL: req.headers["git-protocol"]?.toString(),
    REMOTE_USER: actor?.login,
    [ACTOR_VARIABLE]: actor && encodeActor(actor),
  };
  const given = Object.entries(optional).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return {
    ...scrubbedEnvironment(),
    ...Object.fromEntries(given),
    GIT_PROJECT_ROOT: call.root,
    GIT_HTTP_EXPORT_ALL: "1",
    PATH_INFO: `/${repository.owner}/${repository.name}.git/${action}`,
    REQUEST_METHOD: req.method ?? "GET",
    QUERY_STRING: request.advertisement ? `service=${request.service}` : "",
    REMOTE_ADDR: "127.0.0.1",
  };
}

/** Runs `git http-backend` for one request and streams both ways. Ends when the answer is out. */
export async function runBackend(
  call: BackendCall,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const child = spawn("git", ["http-backend"], { cwd: call.root, env: backendEnvironment(call, req) });
  child.stdin.on("error", () => {});
  child.stderr.on("data", (text: Buffer) => process.stderr.write(text));
  endWithClient(child, req, res);
  req.pipe(child.stdin);
  answerFrom(child, res);
  await new Promise<void>((resolve) => child.on("close", () => resolve()).on("error", () => resolve()));
  if (!res.headersSent) res.writeHead(500);
  if (!res.writableEnded) res.end();
}

/** A client that left in the middle of its request must not look like one that has sent everything. */
function endWithClient(
  child: ChildProcessWithoutNullStreams,
  req: IncomingMessage,
  res: ServerResponse,
): void {
  req.on("close", () => {
    if (!req.readableEnded) child.kill("SIGTERM");
  });
  res.on("close", () => {
    if (!res.writableFinished) child.stdout.destroy();
  });
}

function answerFrom(child: ChildProcessWithoutNullStreams, res: ServerResponse): void {
  let head = Buffer.alloc(0);
  const onData = (chunk: Buffer): void => {
    head = Buffer.concat([head, chunk]);
    const parsed = parseCgiHead(head);
    if (parsed === undefined) return;
    child.stdout.off("data", onData);
    res.writeHead(parsed.status, parsed.headers);
    if (parsed.rest.length > 0) res.write(parsed.rest);
    child.stdout.pipe(res);
  };
  child.stdout.on("data", onData);
}
