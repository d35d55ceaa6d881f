import { Agent as HttpAgent, request as httpRequest } from "node:http";
import type { ClientRequest, IncomingMessage, ServerResponse } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import type { RequestOptions } from "node:https";
import type { Socket } from "node:net";

/** Of one connection only, see RFC 9110, section 7.6.1; a client's are not the target's. */
const HOP_BY_HOP = ["connection", "keep-alive"];

/**
 * A server on 127.0.0.1 that requests are forwarded to. Each of a client's connections has its own to the target:
 * shared ones could be closed by the target just when somebody else's request goes out on them.
 */
export class Target {
  readonly #port: number;
  readonly #ca: Buffer | undefined;
  readonly #agents = new WeakMap<Socket, HttpAgent>();

  /** @param ca PEM; with it the target speaks TLS */
  constructor(port: number, ca?: Buffer) {
    this.#port = port;
    this.#ca = ca;
  }

  /** Opens the same request there: method, path and headers in the client's own order and spelling. */
  request(from: IncomingMessage, headers: readonly string[] = from.rawHeaders): ClientRequest {
    const options: RequestOptions = {
      host: "127.0.0.1",
      // Else Node would ask for a certificate of the name in the client's Host header.
      servername: "",
      port: this.#port,
      agent: this.#agentOf(from.socket),
      method: from.method,
      path: from.url,
      headers: [...headers],
    };
    return this.#ca === undefined ? httpRequest(options) : httpsRequest({ ...options, ca: this.#ca });
  }

  #agentOf(client: Socket): HttpAgent {
    const known = this.#agents.get(client);
    if (known !== undefined) return known;
    const agent = new (this.#ca === undefined ? HttpAgent : HttpsAgent)({ keepAlive: true });
    this.#agents.set(client, agent);
    client.once("close", () => agent.destroy());
    return agent;
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
  const outgoing = target.request(from, withoutHopByHop(hooks.headers ?? from.rawHeaders));
  // Once the answer is out, nothing that becomes of the request concerns the client.
  const breakOff = (): unknown => (to.writableFinished ? from.resume() : from.socket.destroy());
  outgoing.on("error", breakOff);
  outgoing.on("response", (answer) => {
    const added = hooks.onHead?.(answer) ?? [];
    to.writeHead(answer.statusCode ?? 502, answer.statusMessage, [
      ...withoutHopByHop(answer.rawHeaders),
      ...added,
    ]);
    to.flushHeaders();
    answer.on("error", breakOff);
    answer.pipe(to);
  });
  to.on("error", () => outgoing.destroy()).on("close", () => to.writableFinished || outgoing.destroy());
  from.on("error", () => outgoing.destroy());
  from.pipe(outgoing);
}

function withoutHopByHop(headers: readonly string[]): string[] {
  return headers.filter((_, at) => !HOP_BY_HOP.includes(headers[at - (at % 2)]?.toLowerCase() ?? ""));
}
