import { once } from "node:events";
import { statSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { freePort, readRecord, waitUntil } from "../../../sandbox/processes/index.ts";
import { proxyControl, startProxy } from "../../../sandbox/proxy/index.ts";
import type { ProxyControl } from "../../../sandbox/proxy/index.ts";
import { Cleanup, Client, echoServer } from "./support.ts";
import type { Echo } from "./support.ts";

const SOON = 5_000;
const cleanup = new Cleanup();
let dir: string;
let proxy: ProxyControl;
let listenPort: number;
let echo: Echo;

beforeEach(async () => {
  dir = cleanup.sandbox();
  echo = echoServer();
  listenPort = await freePort();
  proxy = await startProxy(dir, [{ name: "a", listenPort, targetPort: await cleanup.listen(echo.server) }]);
});
afterEach(() => cleanup.run());

/** A connection through the proxy that has been answered once. */
async function connected(): Promise<Client> {
  const client = new Client(listenPort);
  client.socket.write("hello ");
  expect(await waitUntil(async () => client.got === "hello ", SOON)).toBe(true);
  return client;
}

describe("a route that hands on bytes", () => {
  it("passes them both ways, ends with the side that ends, and counts", async () => {
    const client = await connected();
    client.socket.end("world");
    await once(client.socket, "close");
    expect(client).toMatchObject({ got: "hello world", ended: "closed" });
    expect(await proxy.stats("a")).toEqual({ accepted: 1, open: 0, bytesIn: 11, bytesOut: 11, cut: 0 });
    await proxy.resetCounts("a");
    expect(await proxy.stats("a")).toMatchObject({ accepted: 0, bytesIn: 0, bytesOut: 0 });
  });

  it("refuses new connections and resets open ones, until it passes again", async () => {
    const open = await connected();
    await proxy.refuse("a");
    expect(await waitUntil(async () => open.ended === "ECONNRESET", SOON)).toBe(true);
    const refused = new Client(listenPort);
    expect(await waitUntil(async () => refused.ended === "ECONNREFUSED", SOON)).toBe(true);
    await proxy.pass("a");
    await connected();
  });

  it("is a black hole to new and to open connections, and resets them when it passes again", async () => {
    const open = await connected();
    await proxy.swallow("a");
    const fresh = new Client(listenPort);
    open.socket.write("lost");
    fresh.socket.write("lost");
    const counted = async (): Promise<boolean> => (await proxy.stats("a")).bytesIn >= 10;
    expect(await waitUntil(counted, SOON)).toBe(true);
    expect([open.got, open.ended, fresh.got, fresh.ended]).toEqual(["hello ", undefined, "", undefined]);
    expect(echo.received.map((chunks) => Buffer.concat(chunks).toString())).toEqual(["hello "]);
    await proxy.pass("a");
    expect(await waitUntil(async () => open.ended === "ECONNRESET", SOON)).toBe(true);
    expect(await waitUntil(async () => fresh.ended === "ECONNRESET", SOON)).toBe(true);
    await connected();
  });

  it("does not tell a client in the black hole that the target has gone", async () => {
    const open = await connected();
    await proxy.swallow("a");
    echo.sockets[0]!.resetAndDestroy();
    const later = new Client(listenPort);
    later.socket.write("lost");
    const counted = async (): Promise<boolean> => (await proxy.stats("a")).bytesIn === 10;
    expect(await waitUntil(counted, SOON)).toBe(true);
    expect(open.ended).toBeUndefined();
  });

  it("is slow in both directions", async () => {
    const client = await connected();
    await proxy.slow("a", { latencyMs: 100 });
    const start = performance.now();
    client.socket.write("there");
    await waitUntil(async () => client.got === "hello there", SOON);
    expect(performance.now() - start).toBeGreaterThanOrEqual(200);
    await proxy.slow("a", { bytesPerSecond: 10_000 });
    client.socket.write("x".repeat(3_000));
    await waitUntil(async () => client.got.length === 3_011, SOON);
    expect(performance.now() - start).toBeGreaterThanOrEqual(500);
  });

  it("cuts after exactly the given bytes, and every connection after that", async () => {
    await proxy.cutAfter("a", { bytes: 100_000 });
    const client = new Client(listenPort);
    client.socket.write(Buffer.alloc(150_000, 1));
    expect(await waitUntil(async () => client.ended === "ECONNRESET", SOON)).toBe(true);
    expect(Buffer.concat(echo.received[0]!)).toHaveLength(100_000);
    const later = new Client(listenPort);
    later.socket.write("more");
    expect(await waitUntil(async () => later.ended === "ECONNRESET", SOON)).toBe(true);
    expect(await proxy.stats("a")).toMatchObject({ bytesIn: 100_000, cut: 2 });
    await proxy.pass("a");
    await connected();
  });

  it("cuts once when asked for once", async () => {
    await proxy.cutAfter("a", { bytes: 3, then: "pass" });
    const client = new Client(listenPort);
    client.socket.write("abcdef");
    expect(await waitUntil(async () => client.ended === "ECONNRESET", SOON)).toBe(true);
    await connected();
  });

  it("resets a client whose target does not listen", async () => {
    const port = await freePort();
    await proxy.put({ name: "gone", listenPort: port, targetPort: await freePort() });
    const client = new Client(port);
    expect(await waitUntil(async () => client.ended === "ECONNRESET", SOON)).toBe(true);
  });
});

describe("the proxy's control", () => {
  it("keeps an open route and its fault when it is given again, and replaces one that differs", async () => {
    const [route] = await proxy.routes();
    await proxy.refuse("a");
    await startProxy(dir, [route!]);
    const refused = new Client(listenPort);
    expect(await waitUntil(async () => refused.ended === "ECONNREFUSED", SOON)).toBe(true);
    const { server } = echoServer();
    await startProxy(dir, [{ ...route!, targetPort: await cleanup.listen(server) }]);
    await connected();
  });

  it("closes a route that is removed, and names the ones there are for an unknown one", async () => {
    const client = await connected();
    await proxy.remove("a");
    expect(await waitUntil(async () => client.ended === "ECONNRESET", SOON)).toBe(true);
    await expect(proxy.refuse("a")).rejects.toThrow('The proxy has no route "a"; it has: none.');
  });

  it("refuses malformed orders and leaves things as they are", async () => {
    await expect(proxy.slow("a", { latencyMs: -5 })).rejects.toThrow("latencyMs -5: use 0 or more");
    await expect(proxy.put({ name: "A!", listenPort, targetPort: listenPort })).rejects.toThrow(/name "A!"/);
    await expect(proxy.requests("a")).rejects.toThrow('Call read("a", "requests") first');
    await expect(proxy.put({ name: "b", listenPort, targetPort: 1 })).rejects.toThrow(/EADDRINUSE/);
    await connected();
  });

  it("is only for the user who started it", async () => {
    expect(statSync(`${dir}/proxy.sock`).mode & 0o077).toBe(0);
  });

  it("says what to do when the proxy does not run", async () => {
    await expect(proxyControl(cleanup.sandbox()).routes()).rejects.toThrow(
      /does not answer at .* startProxy/,
    );
  });

  it("works again after a kill", async () => {
    const routes = await proxy.routes();
    const { pid } = readRecord(dir, "proxy")!;
    process.kill(pid, "SIGKILL");
    const gone = (): Promise<boolean> =>
      proxy.routes().then(
        () => false,
        () => true,
      );
    expect(await waitUntil(gone, SOON)).toBe(true);
    await startProxy(dir, routes);
    await connected();
  });
});
