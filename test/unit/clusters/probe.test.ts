import { createServer } from "node:http";
import type { RequestListener, Server } from "node:http";
import { createServer as createTcpServer } from "node:net";
import type { AddressInfo, Server as TcpServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { probeCluster } from "../../../components/clusters/probe";
import type { Reach } from "../../../components/clusters/probe";

const TOKEN = "canary-5e1d90";
const servers: (Server | TcpServer)[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listening<S extends Server | TcpServer>(server: S): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

const kubeconfigOf = (server: string, more: object = {}): string =>
  JSON.stringify({
    "current-context": "c",
    contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
    clusters: [{ name: "c", cluster: { server, ...more } }],
    users: [{ name: "u", user: { token: TOKEN } }],
  });
const probe = (kubeconfig: string, timeoutMs?: number): Promise<Reach> =>
  probeCluster("eu", { kubeconfig }, {}, timeoutMs);
const answering = async (listener: RequestListener): Promise<Reach> =>
  probe(kubeconfigOf(`http://127.0.0.1:${await listening(createServer(listener))}`));
const status = (code: number, body = "{}"): Promise<Reach> =>
  answering((_, response) => void response.writeHead(code, { connection: "close" }).end(body));

describe("a probe of a cluster", () => {
  it("tells which cluster it is, by one request", async () => {
    const asked: string[] = [];
    const found = await answering((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.end('{"metadata":{"uid":"7c2e"}}');
    });
    expect(found).toEqual({ state: "reachable", uid: "7c2e" });
    expect(asked).toEqual(["GET /api/v1/namespaces/kube-system"]);
  });

  it.each([403, 404])("finds one reachable that does not let us see which it is (%i)", async (code) => {
    expect(await status(code)).toEqual({ state: "reachable", uid: undefined });
  });

  it.each([
    [401, "it refuses the credentials of its kubeconfig (401)"],
    [503, "its API server answers 503"],
  ])("finds one unreachable that answers %i", async (code, why) => {
    expect(await status(code)).toEqual({ state: "unreachable", why, isSilent: false });
  });

  it("asks one again that answers with an error for a moment: it is overloaded, and not away", async () => {
    let asked = 0;
    const found = await answering((_, response) => {
      asked++;
      response.writeHead(asked < 3 ? 500 : 200, { connection: "close" }).end('{"metadata":{"uid":"7c2e"}}');
    });
    expect([found, asked]).toEqual([{ state: "reachable", uid: "7c2e" }, 3]);
  });

  it("finds one unreachable that refuses connections, and says so", async () => {
    const server = createTcpServer();
    const port = await listening(server);
    await new Promise((resolve) => server.close(resolve));
    expect(await probe(kubeconfigOf(`http://127.0.0.1:${port}`))).toEqual({
      ...{ state: "unreachable", isSilent: false },
      why: `127.0.0.1:${port} cannot be reached (ECONNREFUSED)`,
    });
  });

  it("finds one silent that swallows connections, when its time is over", async () => {
    const port = await listening(createTcpServer((socket) => void socket.unref()));
    const found = await probe(kubeconfigOf(`http://127.0.0.1:${port}`), 50);
    expect(found).toEqual({
      state: "unreachable",
      why: `127.0.0.1:${port} did not answer in time`,
      isSilent: true,
    });
  });

  it("gives up a connection that is not made before it gives up an answer", async () => {
    const port = await listening(createTcpServer((socket) => void socket.unref()));
    const begun = performance.now();
    const found = await probe(kubeconfigOf(`https://127.0.0.1:${port}`), 2000);
    const took = performance.now() - begun;
    expect(found).toMatchObject({ isSilent: true, why: `127.0.0.1:${port} did not answer in time` });
    expect([took >= 1100, took < 1900]).toEqual([true, true]);
  });

  it("finds one unreachable that speaks no TLS", async () => {
    const port = await listening(createServer((_, response) => void response.end()));
    expect(await probe(kubeconfigOf(`https://127.0.0.1:${port}`))).toMatchObject({
      state: "unreachable",
      isSilent: false,
    });
  });

  it("finds one unreachable whose name nobody knows, without a word of its credentials", async () => {
    const found = await probe(kubeconfigOf("https://nowhere.invalid"));
    expect(found).toMatchObject({
      state: "unreachable",
      why: expect.stringContaining("nowhere.invalid") as string,
    });
    expect(JSON.stringify(found)).not.toContain(TOKEN);
  });

  it("knows nothing of one that only the plugin can reach", async () => {
    const kubeconfig = kubeconfigOf("https://127.0.0.1:1", { "proxy-url": "http://127.0.0.1:2" });
    expect(await probe(kubeconfig)).toEqual({ state: "unknown" });
  });
});
