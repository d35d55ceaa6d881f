import { Agent as HttpAgent, request as httpRequest } from "node:http";
import type { ClientRequest, IncomingMessage, ServerResponse } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import type { RequestOptions } from "node:https";

/** Shorter than any server's own limit, so that no request goes out on a connection that the target is closing. */
const IDLE_MS = 15_000;

/** A server on 127.0.0.1 that requests are forwarded to. */
export class Target {
  readonly #port: number;
  readonly #ca: Buffer | undefined;
  readonly #agent: HttpAgent;

  /** @param ca PEM; with it the target speaks TLS */
  constructor(port: number, ca?: Buffer) {
    this.#port = port;
    this.#ca = ca;
    this.#agent = new (ca === undefined ? HttpAgent : HttpsAgent)({ keepAlive: true, timeout: IDLE_MS });
  }

  /** Opens the same request there: method, path and headers in the client's own order and spelling. */
  request(from: IncomingMessage, headers: readonly string[] = from.rawHeaders): ClientRequest {
    const options: RequestOptions = {
      host: "127.0.0.1",
      // Else Node would ask for a certificate of the name in the client's Host header.
      servername: "",
      port: this.#port,
      agent: this.#agent,
      method: from.method,
      path: from.url,
      headers: [...headers],
    };
    return this.#ca === undefined ? httpRequest(options) : httpsRequest({ ...options, ca: this.#ca });
  }

  close(): void {
    this.#agent.destroy();
  }
}

export interface ForwardHooks {
  /** Sent to the target, as name, value, name, value, … @default the client's own */
  readonly headers?: readonly string[];
  /** Called with the answer's head before it goes to the client; returns headers to add, as name, value, … */
  readonly onHead?: (answer: IncomingMessage) => readonly string[];
}

/** Streams the request to the target and its answer back. When either side breaks off, so does the other. */
export function forward(
  target: Target,
  from: IncomingMessage,
  to: ServerResponse,
  hooks: ForwardHooks = {},
): void {
  const outgoing = target.request(from, hooks.headers);
  const breakOff = (): unknown => from.socket.destroy();
  outgoing.on("error", breakOff);
  outgoing.on("response", (answer) => {
    const added = hooks.onHead?.(answer) ?? [];
    to.writeHead(answer.statusCode ?? 502, answer.statusMessage, [...answer.rawHeaders, ...added]);
    to.flushHeaders();
    answer.on("error", breakOff);
    answer.pipe(to);
  });
  to.on("close", () => to.writableFinished || outgoing.destroy());
  from.on("error", () => outgoing.destroy());
  from.pipe(outgoing);
}
