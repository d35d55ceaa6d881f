import type { ClientRequest, IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Target } from "./forward.ts";

/**
 * Forwards a request that wants to change the protocol (WebSocket, or SPDY of `kubectl exec`): once the target
 * agrees, bytes pass both ways.
 */
export function forwardUpgrade(
  target: Target,
  from: IncomingMessage,
  client: Duplex,
  head: Buffer,
): ClientRequest {
  const outgoing = target.request(from);
  const breakOff = (): unknown => client.destroy();
  client.on("error", () => outgoing.destroy());
  outgoing.on("error", breakOff);
  outgoing.on("upgrade", (answer, socket, first) => {
    client.write(renderHead(answer, answer.rawHeaders));
    client.write(first);
    socket.write(head);
    socket.on("error", breakOff).on("close", breakOff).pipe(client);
    client.on("close", () => socket.destroy()).pipe(socket);
  });
  outgoing.on("response", (answer) => {
    client.write(renderHead(answer, [...withoutFraming(answer.rawHeaders), "connection", "close"]));
    answer.on("error", breakOff).pipe(client);
  });
  outgoing.end();
  return outgoing;
}

/** The body goes out as it was decoded, and ends with the connection. */
function withoutFraming(headers: readonly string[]): string[] {
  const framing = ["transfer-encoding", "connection", "keep-alive"];
  return headers.filter((_, at) => !framing.includes(headers[at - (at % 2)]?.toLowerCase() ?? ""));
}

function renderHead({ statusCode, statusMessage }: IncomingMessage, headers: readonly string[]): string {
  const lines = headers.flatMap((name, at) => (at % 2 === 0 ? [`${name}: ${headers[at + 1]}\r\n`] : []));
  return `HTTP/1.1 ${statusCode} ${statusMessage}\r\n${lines.join("")}\r\n`;
}
