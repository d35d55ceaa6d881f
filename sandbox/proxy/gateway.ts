import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer as createHttpServer, STATUS_CODES } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import type { Answers } from "./answers.ts";
import { forward, Target } from "./forward.ts";
import type { OpenRequest, RequestLog } from "./request-log.ts";
import type { Answer, Route } from "./types.ts";
import { forwardUpgrade } from "./upgrade.ts";

/** What is done with the requests of one route. */
export interface Requests {
  readonly answers: Answers;
  readonly log: RequestLog;
}

export interface Gateway {
  /** On 127.0.0.1. */
  readonly port: number;
  close(): void;
}

/** Opens the part of a route that reads requests: it ends TLS, writes each request down, answers or forwards it. */
export async function openGateway(route: Route, requests: Requests): Promise<Gateway> {
  const target = new Target(
    route.targetPort,
    route.tls && readFileSync(route.tls.ca ?? route.tls.certificate),
  );
  const server = createServer(route);
  server.on("request", (req: IncomingMessage, res: ServerResponse) => handle(requests, target, req, res));
  server.on("upgrade", (req: IncomingMessage, socket: Duplex, head: Buffer) => {
    handleUpgrade(requests, target, req, { socket, head });
  });
  server.listen({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { port: (server.address() as AddressInfo).port, close };
}

/** Without limits of its own: watches and uploads last as long as they like. */
function createServer({ tls }: Route): Server {
  const options = { requestTimeout: 0, headersTimeout: 0, keepAliveTimeout: 0 };
  if (tls === undefined) return createHttpServer(options);
  const [cert, key] = [readFileSync(tls.certificate), readFileSync(tls.key)];
  return createHttpsServer({ ...options, cert, key });
}

function handle({ answers, log }: Requests, target: Target, req: IncomingMessage, res: ServerResponse): void {
  const record = open(log, req);
  const made = answers.take(record.method, record.path);
  if (made !== undefined) return give(made, record, res);
  const onHead = (answer: IncomingMessage): [] => {
    record.status = answer.statusCode ?? 0;
    return [];
  };
  forward(target, req, res, { onHead });
}

function handleUpgrade(
  { answers, log }: Requests,
  target: Target,
  req: IncomingMessage,
  { socket, head }: { readonly socket: Duplex; readonly head: Buffer },
): void {
  const record = open(log, req);
  const made = answers.take(record.method, record.path);
  if (made !== undefined) return giveRaw(made, record, socket);
  const noteStatus = (answer: IncomingMessage): void => void (record.status = answer.statusCode ?? 0);
  forwardUpgrade(target, req, socket, head).on("upgrade", noteStatus).on("response", noteStatus);
}

const open = (log: RequestLog, req: IncomingMessage): OpenRequest =>
  log.open(req.method ?? "GET", req.url ?? "/");

function give(answer: Answer, record: OpenRequest, res: ServerResponse): void {
  Object.assign(record, { status: answer.status, made: true });
  res.writeHead(answer.status, { ...answer.headers });
  res.end(answer.body ?? "");
}

function giveRaw({ status, headers = {}, body = "" }: Answer, record: OpenRequest, socket: Duplex): void {
  Object.assign(record, { status, made: true });
  const all = { ...headers, "content-length": Buffer.byteLength(body), connection: "close" };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.on("error", () => {});
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n${lines.join("")}\r\n${body}`);
}
