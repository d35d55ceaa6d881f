import type { Agent, IncomingHttpHeaders, IncomingMessage } from "node:http";
import http from "node:http";
import https from "node:https";
import { createReadStream, createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import type { Environment } from "../../environment";
import { isAllowed } from "./address";
import { ImageProblem } from "../problem";

/** Largest answer that is read, in bytes. Source: OCI distribution specification, "Pushing manifests". */
export const MAX_BODY_BYTES = 4 * 1024 * 1024;
/** How long one request may take, in milliseconds. */
export const DEFAULT_TIMEOUT_MS = 15_000;
const MAX_REDIRECTS = 5;

export interface HttpRequest {
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "DELETE";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Path of a file whose bytes are the body; the headers say how many. */
  readonly bodyFile?: string;
  /** Path of a file that gets the body of an answer 200, in place of the response. */
  readonly saveTo?: string;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Sends a request and reads the whole answer, whatever its status. */
export type Send = (request: HttpRequest) => Promise<HttpResponse>;

export interface HttpOptions {
  /** `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` are followed, by Node 22.21, 24.5 and newer. */
  readonly environment: Environment;
  /** @default {@link DEFAULT_TIMEOUT_MS} */
  readonly timeoutMs?: number;
}

/** An HTTP client that follows redirects without taking credentials to another host. */
export function httpClient({ environment, timeoutMs = DEFAULT_TIMEOUT_MS }: HttpOptions): Send {
  const settings = { keepAlive: true, proxyEnv: { ...environment } };
  const agents = { "http:": new http.Agent(settings), "https:": new https.Agent(settings) };
  const sendOnce: Send = (request) => {
    if (!isAllowed(request.url)) {
      throw new ImageProblem(
        `${request.url.origin} is not asked: only https, and http on this machine, are allowed`,
      );
    }
    const isSecure = request.url.protocol === "https:";
    return exchange(request, isSecure ? agents["https:"] : agents["http:"], AbortSignal.timeout(timeoutMs));
  };
  return (request) => follow(request, sendOnce);
}

async function follow(request: HttpRequest, sendOnce: Send): Promise<HttpResponse> {
  let next = request;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const response = await sendOnce(next);
    const { location } = response.headers;
    if (response.status < 300 || response.status >= 400 || location === undefined) return response;
    next = redirected(next, new URL(location, next.url));
  }
  throw new ImageProblem(`${request.url.origin} redirects more than ${MAX_REDIRECTS} times`);
}

function redirected(request: HttpRequest, url: URL): HttpRequest {
  const { authorization, ...others } = request.headers;
  const isSameHost = url.origin === request.url.origin;
  return { ...request, url, headers: isSameHost && authorization !== undefined ? request.headers : others };
}

async function exchange(request: HttpRequest, agent: Agent, signal: AbortSignal): Promise<HttpResponse> {
  const { method, url, headers, body, bodyFile, saveTo } = request;
  const client = url.protocol === "https:" ? https : http;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const outgoing = client.request(url, { method, headers, agent, signal }, resolve).on("error", reject);
    if (bodyFile === undefined) outgoing.end(body);
    // An error of the request itself is told by its own event.
    else pipeline(createReadStream(bodyFile), outgoing).catch(reject);
  });
  const answer = { status: response.statusCode ?? 0, headers: response.headers };
  if (saveTo === undefined || answer.status !== 200)
    return { ...answer, body: await readBody(response, url) };
  await pipeline(response, createWriteStream(saveTo));
  return { ...answer, body: Buffer.alloc(0) };
}

async function readBody(response: IncomingMessage, { origin }: URL): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES)
      throw new ImageProblem(`${origin} answered with more than ${MAX_BODY_BYTES} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
