import { Agent, request } from "node:https";
import type { RequestOptions } from "node:https";

/** Where and as whom to ask. */
export interface Endpoint {
  /** `https://HOST:PORT` */
  readonly server: string;
  /** PEM text */
  readonly ca: string;
  readonly token: string;
}

export interface Call {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** With its query, as in `/api/v1/namespaces?limit=1`. */
  readonly path: string;
  readonly body?: unknown;
  /** @default "application/json" */
  readonly contentType?: string;
  /** In milliseconds. @default {@link REQUEST_TIMEOUT_MS} */
  readonly timeoutMs?: number;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** How long one request may take, in milliseconds. */
export const REQUEST_TIMEOUT_MS = 15_000;

/** Sends requests to one endpoint over connections that are kept, and that do not keep this process running. */
export function caller(endpoint: Endpoint): (call: Call) => Promise<Answer> {
  const agent = new Agent({ keepAlive: true, ca: endpoint.ca });
  return (call) =>
    new Promise((resolve, reject) => {
      const body = call.body === undefined ? "" : JSON.stringify(call.body);
      const sent = request(
        new URL(call.path, endpoint.server),
        settings(agent, endpoint, { ...call, body }),
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("error", reject);
          response.on("end", () =>
            resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") }),
          );
        },
      );
      sent.on("error", (error) =>
        reject(new Error(`${call.method} ${call.path} at ${endpoint.server} failed: ${error.message}`)),
      );
      sent.end(body);
    });
}

function settings(agent: Agent, { token }: Endpoint, call: Call & { readonly body: string }): RequestOptions {
  const headers = {
    // Node sends none for a DELETE: the server would read the body as the connection's next request.
    "content-length": Buffer.byteLength(call.body),
    authorization: `Bearer ${token}`,
    accept: "application/json",
    "content-type": call.contentType ?? "application/json",
  };
  const signal = AbortSignal.timeout(call.timeoutMs ?? REQUEST_TIMEOUT_MS);
  return { agent, method: call.method, headers, signal };
}
