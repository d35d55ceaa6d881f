import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export interface FakeRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface FakeAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface FakeServer {
  /** `127.0.0.1:PORT`. */
  readonly domain: string;
  /** Everything that was asked, in order. */
  readonly requests: readonly FakeRequest[];
}

/** An HTTP server for one test that answers as it is told; `"cut"` closes the connection, `"silent"` leaves it open. */
export async function serve(
  answer: (request: FakeRequest) => FakeAnswer | "cut" | "silent",
): Promise<FakeServer> {
  const requests: FakeRequest[] = [];
  const respond = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    let body = "";
    for await (const chunk of incoming) body += String(chunk);
    const { method = "", url: path = "", headers } = incoming;
    const request = { method, path, headers, body };
    requests.push(request);
    const answered = answer(request);
    if (answered === "silent") return;
    if (answered === "cut") incoming.socket.destroy();
    else response.writeHead(answered.status, answered.headers).end(answered.body);
  };
  const server = createServer((incoming, response) => void respond(incoming, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { domain: `127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

export const MANIFEST = JSON.stringify({
  schemaVersion: 2,
  mediaType: "application/vnd.oci.image.manifest.v1+json",
});
export const MANIFEST_DIGEST = digestOf(MANIFEST);

export function digestOf(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

/** The answer of a registry that has a manifest. */
export function found(body = MANIFEST): FakeAnswer {
  return { status: 200, headers: { "docker-content-digest": digestOf(body) }, body };
}

export const MISSING: FakeAnswer = { status: 404, body: '{"errors":[{"code":"MANIFEST_UNKNOWN"}]}' };
