import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer as createHttpServer, request as httpRequest } from "node:http";
import type { IncomingMessage, Server as HttpServer, ServerResponse } from "node:http";
import { createServer as createHttpsServer, request as httpsRequest } from "node:https";
import type { RequestOptions } from "node:https";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { run, stopAllServices } from "../../../sandbox/processes/index.ts";
import type { TlsFiles } from "../../../sandbox/proxy/index.ts";

/** What a test opened, and must close again in reverse order. */
export class Cleanup {
  readonly #steps: (() => unknown)[] = [];

  add(step: () => unknown): void {
    this.#steps.unshift(step);
  }

  async run(): Promise<void> {
    for (const step of this.#steps.splice(0)) await step();
  }

  /**
   * A sandbox's folder; its services are stopped and it is removed in the end.
   *
   * @param after what else is to be done once they are stopped
   */
  sandbox(after?: (dir: string) => Promise<void>): string {
    const dir = mkdtempSync(join(tmpdir(), "sandbox-"));
    this.add(async () => {
      await stopAllServices(dir);
      await after?.(dir);
      rmSync(dir, { recursive: true });
    });
    return dir;
  }

  /** Listens on a port of the system's choice, which it returns. */
  async listen(server: Server): Promise<number> {
    const sockets = new Set<Socket>();
    server.on("connection", (socket: Socket) => {
      sockets.add(socket);
      socket.on("error", () => {}).on("close", () => sockets.delete(socket));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    this.add(() => {
      server.close();
      for (const socket of sockets) socket.destroy();
    });
    return (server.address() as AddressInfo).port;
  }
}

export interface Echo {
  readonly server: Server;
  /** What each connection sent. */
  readonly received: Buffer[][];
  readonly sockets: Socket[];
}

/** Sends back what it gets. */
export function echoServer(): Echo {
  const received: Buffer[][] = [];
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    const mine: Buffer[] = [];
    received.push(mine);
    socket.on("error", () => {});
    socket.on("data", (data) => mine.push(data)).pipe(socket);
  });
  return { server, received, sockets };
}

/** A client's connection that keeps what it got and how it ended. */
export class Client {
  readonly socket: Socket;
  got = "";
  ended: string | undefined;

  constructor(port: number) {
    this.socket = connect(port, "127.0.0.1");
    this.socket.on("data", (data) => (this.got += data.toString()));
    this.socket.on("error", (error: NodeJS.ErrnoException) => (this.ended ??= error.code));
    this.socket.on("close", () => (this.ended ??= "closed"));
  }
}

export type Handler = (req: IncomingMessage, res: ServerResponse) => void;

export const httpServer = (handler: Handler): HttpServer => createHttpServer(handler);

/** @param tls the certificate that it shows */
export function httpsServer(tls: TlsFiles, handler: Handler): HttpServer {
  return createHttpsServer({ cert: readFileSync(tls.certificate), key: readFileSync(tls.key) }, handler);
}

/** A certificate for 127.0.0.1 that is its own authority. */
export async function makeCertificate(dir: string, name: string): Promise<TlsFiles> {
  const files = { certificate: join(dir, `${name}.crt`), key: join(dir, `${name}.key`) };
  await run("openssl", [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc"],
    ...["-subj", `/CN=${name}`, "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2"],
    ...["-keyout", files.key, "-out", files.certificate],
  ]);
  return files;
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly bytes: Buffer;
  /** The same as text. */
  readonly body: string;
}

/** One request on a connection of its own. */
export async function ask(
  options: RequestOptions & { readonly ca?: Buffer },
  body?: Buffer | string,
): Promise<Reply> {
  const request = options.ca === undefined ? httpRequest : httpsRequest;
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: "127.0.0.1", servername: "", agent: false, ...options }, (answer) => {
      buffer(answer).then((bytes) => {
        const { statusCode: status = 0, headers } = answer;
        resolve({ status, headers, bytes, body: bytes.toString() });
      }, reject);
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}
