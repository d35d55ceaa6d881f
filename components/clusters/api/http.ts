import { Agent as HttpAgent, request as plainRequest } from "node:http";
import type { ClientRequest, IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as tlsRequest } from "node:https";
import type { RequestOptions } from "node:https";
import type { Credentials, Endpoint } from "./access";

/** How long one request to a cluster may take, in milliseconds. */
export const REQUEST_TIMEOUT_MS = 10_000;
/** Most of an answer that is read, in bytes: a list of 10,000 pods has less. */
export const MAX_ANSWER_BYTES = 256 * 1024 * 1024;

export interface Call {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** With its query, as in `/api/v1/namespaces?limit=1`. */
  readonly path: string;
  readonly body?: unknown;
  /** @default "application/json" */
  readonly contentType?: string;
  /** @default {@link REQUEST_TIMEOUT_MS} */
  readonly timeoutMs?: number;
  /** How long the connection may take to be made, its certificate included. @default as long as the answer */
  readonly connectMs?: number;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  /** The server's clock when it answered, in milliseconds. @default it did not say */
  readonly at?: number;
  /** How long it asks to wait, in seconds. @default it did not say */
  readonly retryAfterSeconds?: number;
}

/** No answer came: the message has the host and the code of the failure, and nothing that was sent. */
export class UnreachableError extends Error {
  override readonly name = "UnreachableError";
  /** Whether the time was over before anything was heard. */
  readonly isSilent: boolean;

  constructor(message: string, isSilent = false) {
    super(message);
    this.isSilent = isSilent;
  }
}

/**
 * Sends requests to one cluster over connections that are kept. Every status is an answer. Refused credentials are
 * asked for once more, since they may have expired.
 *
 * @returns a function that throws {@link UnreachableError}
 */
export function openEndpoint(endpoint: Endpoint): (call: Call) => Promise<Answer> {
  const url = new URL(endpoint.server);
  const agent =
    url.protocol === "http:" ? new HttpAgent({ keepAlive: true }) : new HttpsAgent({ keepAlive: true });
  return async (call) => {
    const answer = await send(endpoint, agent, call, await endpoint.credentials(false));
    if (answer.status !== 401) return answer;
    return send(endpoint, agent, call, await endpoint.credentials(true));
  };
}

function send(
  endpoint: Endpoint,
  agent: HttpAgent | HttpsAgent,
  call: Call,
  credentials: Credentials,
): Promise<Answer> {
  const url = addressOf(endpoint.server, call.path);
  const body = call.body === undefined ? undefined : JSON.stringify(call.body);
  const options = settings(endpoint, credentials, { ...call, body });
  const request = url.protocol === "http:" ? plainRequest : tlsRequest;
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void => reject(unreachable(url, error));
    const sent = request(url, { ...options, agent }, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size > MAX_ANSWER_BYTES) return void response.destroy(new Error("its answer is too long"));
        chunks.push(chunk);
      });
      response.on("error", failed);
      response.on("end", () => resolve(answerOf(response, chunks)));
    });
    sent.on("error", failed);
    limitConnecting(sent, url.protocol === "https:" ? "secureConnect" : "connect", call.connectMs);
    sent.end(body);
  });
}

function limitConnecting(
  sent: ClientRequest,
  made: "connect" | "secureConnect",
  ms: number | undefined,
): void {
  if (ms === undefined) return;
  sent.once("socket", (socket) => {
    if (!socket.connecting) return;
    const late = Object.assign(new Error("the connection was not made in time"), { name: "TimeoutError" });
    const timer = setTimeout(() => sent.destroy(late), ms);
    const stop = (): void => clearTimeout(timer);
    socket.once(made, stop).once("close", stop);
  });
}

function answerOf({ statusCode, headers }: IncomingMessage, chunks: readonly Buffer[]): Answer {
  const at = Date.parse(headers.date ?? "");
  const retryAfterSeconds = Number(headers["retry-after"] ?? Number.NaN);
  return {
    ...{ status: statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") },
    ...(Number.isNaN(at) ? {} : { at }),
    ...(Number.isNaN(retryAfterSeconds) ? {} : { retryAfterSeconds }),
  };
}

/** A server's address may have a path of its own, as behind a gateway. */
function addressOf(server: string, path: string): URL {
  return new URL(server.replace(/\/+$/, "") + path);
}

function settings(
  endpoint: Endpoint,
  credentials: Credentials,
  call: Call & { readonly body: string | undefined },
): RequestOptions {
  const { token, cert, key } = credentials;
  return {
    method: call.method,
    headers: {
      accept: "application/json",
      ...bodyHeaders(call),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    signal: AbortSignal.timeout(call.timeoutMs ?? REQUEST_TIMEOUT_MS),
    ...(endpoint.ca === undefined ? {} : { ca: endpoint.ca }),
    ...(endpoint.isUnchecked === true ? { rejectUnauthorized: false } : {}),
    ...(endpoint.serverName === undefined ? {} : { servername: endpoint.serverName }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}

/** The length is said, since Node.js says none for a DELETE, and the server would take the body for a request. */
function bodyHeaders({
  body,
  contentType = "application/json",
}: Call & { readonly body: string | undefined }): Record<string, string> {
  if (body === undefined) return {};
  return { "content-type": contentType, "content-length": String(Buffer.byteLength(body)) };
}

function unreachable({ host }: URL, { name, code, message }: NodeJS.ErrnoException): UnreachableError {
  const isSilent = name === "TimeoutError" || code === "ABORT_ERR";
  const why = isSilent ? "did not answer in time" : `cannot be reached (${code ?? message})`;
  return new UnreachableError(`${host} ${why}`, isSilent);
}
