import { once } from "node:events";
import { readFileSync } from "node:fs";
import { request } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import { connect as connectTls } from "node:tls";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { freePort, waitUntil } from "../../../sandbox/processes/index.ts";
import { startProxy } from "../../../sandbox/proxy/index.ts";
import type { ProxyControl, RequestRecord, TlsFiles } from "../../../sandbox/proxy/index.ts";
import { ask, Cleanup, Client, httpServer, httpsServer, makeCertificate } from "./support.ts";
import type { Handler } from "./support.ts";

const SOON = 5_000;
const cleanup = new Cleanup();
let proxy: ProxyControl;
let dir: string;
let port: number;
let tls: TlsFiles;
let ca: Buffer;
/** What the target does with a request; each test may set its own. */
let handle: Handler;

const echo: Handler = (req, res) => {
  const chunks: Buffer[] = [];
  req.on("data", (chunk: Buffer) => chunks.push(chunk));
  req.on("end", () => {
    const body = Buffer.concat(chunks);
    res.writeHead(201, "Made", {
      "X-Seen": [req.method, req.headers.host, req.headers.authorization].join(" "),
    });
    res.end(req.method === "HEAD" ? undefined : body);
  });
};

beforeEach(async () => {
  dir = cleanup.sandbox();
  tls = await makeCertificate(dir, "target");
  ca = readFileSync(tls.certificate);
  handle = echo;
  const server = httpsServer(tls, (req, res) => handle(req, res));
  server.on("upgrade", (req: IncomingMessage, socket) => {
    if (req.headers.upgrade !== "shout") {
      return socket.end("HTTP/1.1 403 Forbidden\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nno\r\n0\r\n\r\n");
    }
    socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: shout\r\n\r\n");
    socket.on("data", (data: Buffer) => socket.write(data.toString().toUpperCase()));
  });
  const targetPort = await cleanup.listen(server);
  port = await freePort();
  proxy = await startProxy(dir, [{ name: "api", listenPort: port, targetPort, reads: "requests", tls }]);
});
afterEach(() => cleanup.run());

const seen = async (): Promise<Omit<RequestRecord, "at">[]> =>
  (await proxy.requests("api")).map(({ method, path, status, made }) => ({ method, path, status, made }));

describe("a route that reads requests behind TLS", () => {
  it("forwards method, path, headers and body, and the answer with its status and headers", async () => {
    const headers = { authorization: "Bearer t0ken", host: "cluster.example:6443" };
    const body = Buffer.alloc(3_000_000, "x");
    const reply = await ask({ port, ca, method: "PUT", path: "/a?b=c", headers }, body);
    expect(reply.status).toBe(201);
    expect(reply.headers["x-seen"]).toBe("PUT cluster.example:6443 Bearer t0ken");
    expect(reply.body).toHaveLength(3_000_000);
    expect((await ask({ port, ca, method: "HEAD", path: "/h" })).headers["x-seen"]).toContain("HEAD");
    expect(await seen()).toEqual([
      { method: "PUT", path: "/a?b=c", status: 201, made: false },
      { method: "HEAD", path: "/h", status: 201, made: false },
    ]);
  });

  it("shows the given certificate, and does not trust a target that shows another", async () => {
    await expect(ask({ port, path: "/", ca: Buffer.from("") })).rejects.toThrow(/self-signed/);
    const other = await makeCertificate(dir, "other");
    const route = (await proxy.routes())[0]!;
    await proxy.put({ ...route, tls: { ...tls, ca: other.certificate } });
    await expect(ask({ port, ca, path: "/" })).rejects.toThrow(/socket hang up|ECONNRESET/);
    expect(await seen()).toEqual([{ method: "GET", path: "/", status: 0, made: false }]);
  });

  it("answers 429 with Retry-After in the target's place, as often as it was told, and says so", async () => {
    let reached = 0;
    handle = (req, res) => (reached++, echo(req, res));
    await proxy.answer("api", {
      status: 429,
      headers: { "Retry-After": "7" },
      body: "busy",
      method: "PATCH",
      count: 2,
    });
    const replies = [];
    for (let call = 0; call < 3; call++)
      replies.push(await ask({ port, ca, method: "PATCH", path: "/x" }, "{}"));
    expect(replies.map((reply) => reply.status)).toEqual([429, 429, 201]);
    expect(replies[0]).toMatchObject({ body: "busy", headers: { "retry-after": "7" } });
    expect(reached).toBe(1);
    expect((await seen()).map((record) => record.made)).toEqual([true, true, false]);
  });

  it("answers about the given share of requests, and none after a pass", async () => {
    await proxy.answer("api", { status: 503, share: 0.3 });
    const statuses = await Promise.all(
      Array.from({ length: 200 }, async () => (await ask({ port, ca })).status),
    );
    const failed = statuses.filter((status) => status === 503).length;
    // 30 % of 200, give or take more than six standard deviations.
    expect(failed).toBeGreaterThan(20);
    expect(failed).toBeLessThan(100);
    await proxy.pass("api");
    expect((await ask({ port, ca })).status).toBe(201);
  });

  it("lets the events of a watch through one by one, and tells the target when the watcher leaves", async () => {
    let stream: ServerResponse | undefined;
    handle = (_req, res) => {
      stream = res;
      res.writeHead(200, { "content-type": "application/json" });
      res.write("one\n");
    };
    const outgoing = request({ host: "127.0.0.1", port, ca, path: "/watch", agent: false }).end();
    const [watch] = (await once(outgoing, "response")) as [IncomingMessage];
    expect((await once(watch, "data")).toString()).toBe("one\n");
    stream!.write("two\n");
    expect((await once(watch, "data")).toString()).toBe("two\n");
    const closed = once(stream!, "close");
    watch.on("error", () => {});
    outgoing.destroy();
    await closed;
    expect(stream!.writableFinished).toBe(false);
  });

  it("changes the protocol when the target does, and passes on a refusal", async () => {
    const upgrade = (to: string): string =>
      `GET /exec HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: ${to}\r\n\r\n`;
    const socket = connectTls({ host: "127.0.0.1", port, ca });
    let said = "";
    socket.on("data", (data) => (said += data.toString()));
    socket.write(upgrade("shout"));
    expect(await waitUntil(async () => said.startsWith("HTTP/1.1 101 "), SOON)).toBe(true);
    socket.write("hear me");
    expect(await waitUntil(async () => said.endsWith("HEAR ME"), SOON)).toBe(true);
    socket.destroy();
    const refused = await ask({ port, ca, headers: { connection: "Upgrade", upgrade: "whisper" } });
    expect(refused).toMatchObject({ status: 403, body: "no" });
    await proxy.answer("api", { status: 503, body: "later" });
    const made = await ask({ port, ca, headers: { connection: "Upgrade", upgrade: "shout" } });
    expect(made).toMatchObject({ status: 503, body: "later" });
    expect((await seen()).map((record) => record.status)).toEqual([101, 403, 503]);
  });

  it("can be refused, swallowed and cut like any other", async () => {
    await proxy.swallow("api");
    const lost = new Client(port);
    lost.socket.write("anything");
    expect(await waitUntil(async () => (await proxy.stats("api")).bytesIn === 8, SOON)).toBe(true);
    await proxy.cutAfter("api", { bytes: 20_000 });
    let arrived = 0;
    let complete = false;
    handle = (req) => {
      req.on("data", (data: Buffer) => (arrived += data.length)).on("error", () => {});
      req.on("end", () => (complete = true));
    };
    const upload = ask({ port, ca, method: "PUT", path: "/blob" }, Buffer.alloc(100_000, 1));
    await expect(upload).rejects.toThrow(/ECONNRESET|EPIPE|hang up/);
    expect(arrived).toBeLessThan(20_000);
    expect(complete).toBe(false);
    await proxy.refuse("api");
    await expect(ask({ port, ca })).rejects.toThrow(/ECONNREFUSED/);
    await proxy.pass("api");
    handle = echo;
    expect((await ask({ port, ca })).status).toBe(201);
  });

  it("goes on when clients leave, and faults come and go, at any moment", async () => {
    handle = (req, res) => req.pipe(res);
    const leave = (index: number): Promise<unknown> =>
      new Promise((resolve) => {
        const outgoing = request({
          host: "127.0.0.1",
          port,
          ca,
          method: "PUT",
          path: `/${index}`,
          agent: false,
        });
        outgoing.on("response", (answer) => answer.resume().on("error", () => {}));
        outgoing.on("error", () => {}).on("close", resolve);
        outgoing.end(Buffer.alloc(2_000_000, 1));
        setTimeout(() => outgoing.destroy(), index * 3);
      });
    const faults = async (): Promise<void> => {
      for (let round = 0; round < 5; round++) {
        await proxy.refuse("api");
        await proxy.slow("api", { latencyMs: 3, bytesPerSecond: 3_000_000 });
        await proxy.cutAfter("api", { bytes: 1_000_000 });
        await proxy.swallow("api");
        await proxy.read("api", round % 2 === 0 ? "bytes" : "requests");
        await proxy.pass("api");
      }
    };
    await Promise.all([...Array.from({ length: 100 }, (_, index) => leave(index)), faults()]);
    await proxy.read("api", "requests");
    handle = echo;
    expect((await ask({ port, ca })).status).toBe(201);
    expect(await waitUntil(async () => (await proxy.stats("api")).open === 0, SOON)).toBe(true);
  });

  it("lets TLS pass untouched while it reads bytes, and can be switched while it is open", async () => {
    const other = await makeCertificate(dir, "shown-by-the-proxy");
    const route = (await proxy.routes())[0]!;
    await proxy.put({ ...route, reads: "bytes", tls: { ...other, ca: tls.certificate } });
    expect((await ask({ port, ca })).status).toBe(201);
    await expect(proxy.answer("api", { status: 500 })).rejects.toThrow('Call read("api", "requests") first');
    await proxy.read("api", "requests");
    expect((await ask({ port, ca: readFileSync(other.certificate) })).status).toBe(201);
    expect(await seen()).toHaveLength(1);
    await proxy.read("api", "bytes");
    expect((await ask({ port, ca })).status).toBe(201);
  });
});

describe("a route that reads requests of plain HTTP", () => {
  it("forwards, counts and answers as well", async () => {
    const plain = await freePort();
    const targetPort = await cleanup.listen(httpServer(echo));
    await proxy.put({ name: "plain", listenPort: plain, targetPort, reads: "requests" });
    await proxy.answer("plain", { status: 401, after: 1, count: 1 });
    const statuses = [];
    for (let call = 0; call < 3; call++)
      statuses.push((await ask({ port: plain, method: "POST" }, "x")).status);
    expect(statuses).toEqual([201, 401, 201]);
    await proxy.resetCounts("plain");
    expect(await proxy.requests("plain")).toEqual([]);
  });

  it("keeps to itself whether a connection is to be closed: the target may throw a body away that it has refused", async () => {
    const plain = await freePort();
    let asked: string | undefined;
    const server = httpServer((req, res) => {
      asked = req.headers.connection;
      res.writeHead(401, { connection: "close" }).end();
    });
    await proxy.put({
      name: "plain",
      listenPort: plain,
      targetPort: await cleanup.listen(server),
      reads: "requests",
    });
    const headers = { connection: "keep-alive" };
    expect((await ask({ port: plain, headers })).headers.connection).toBe("keep-alive");
    await ask({ port: plain, headers: { connection: "close" } });
    expect(asked).toBe("keep-alive");
  });

  it("breaks off when the target does in the middle of its answer", async () => {
    const plain = await freePort();
    const server = httpServer((_req, res) => {
      res.writeHead(200, { "content-length": "100" });
      res.write("half");
      setImmediate(() => res.destroy());
    });
    await proxy.put({
      name: "plain",
      listenPort: plain,
      targetPort: await cleanup.listen(server),
      reads: "requests",
    });
    await expect(ask({ port: plain })).rejects.toThrow(/aborted|hang up|ECONNRESET/);
  });
});
