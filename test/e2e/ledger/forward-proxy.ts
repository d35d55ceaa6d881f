import { createServer as createHttpServer } from "node:http";
import { mkdtempSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { join } from "node:path";
import { createServer as createTlsServer } from "node:tls";
import { run } from "../../../sandbox/processes/index.ts";

/** The host of a company's server: no name service knows it, so only a proxy can lead there. */
export const HOST = "git.example.test";

/** A way out through a proxy, to a server that speaks TLS. */
export interface ProxiedServer {
  /** `http://127.0.0.1:PORT` */
  readonly proxy: string;
  /** The server's own address on this machine, for those who do not need the proxy. */
  readonly address: string;
  /** The authority of its certificate, as a file. */
  readonly certificate: string;
  /** What the proxy was asked to lead to, as `git.example.test:443`. */
  readonly led: string[];
  stop(): void;
}

/** Puts TLS in front of a port of this machine, and a proxy that leads every name there, by `CONNECT`. */
export async function startProxied(dir: string, port: number): Promise<ProxiedServer> {
  const folder = mkdtempSync(join(dir, "proxied-"));
  const [certificate, key] = [join(folder, "server.crt"), join(folder, "server.key")];
  await run("openssl", [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc", "-days", "2"],
    ...["-subj", `/CN=${HOST}`, "-addext", `subjectAltName=DNS:${HOST},IP:127.0.0.1`],
    ...["-keyout", key, "-out", certificate],
  ]);
  const sockets = new Set<Socket>();
  const open = (to: number, client: Socket): void => {
    const target = connect(to, "127.0.0.1");
    for (const socket of [client, target]) sockets.add(socket.on("error", () => {}));
    client.pipe(target).pipe(client);
  };
  const tls = createTlsServer({ cert: readFileSync(certificate), key: readFileSync(key) }, (client) =>
    open(port, client),
  );
  const tlsPort = await listening(tls);
  const led: string[] = [];
  const proxy = createHttpServer().on("connect", ({ url = "" }, client: Socket) => {
    led.push(url);
    client.write("HTTP/1.1 200 Connection established\r\n\r\n");
    open(tlsPort, client);
  });
  const proxyPort = await listening(proxy);
  return {
    ...{ proxy: `http://127.0.0.1:${proxyPort}`, address: `https://127.0.0.1:${tlsPort}`, certificate, led },
    stop() {
      for (const server of [tls, proxy]) server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}
