import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { IncomingMessage, Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ApiError, openAccess, openCluster, UnreachableError } from "../../../components/clusters/api";

const CANARY = "canary-3b81";
const DEPLOYMENT = { apiVersion: "apps/v1", kind: "Deployment", namespace: "shop", name: "web" };

/** What the server was asked, and what it answers by path. */
const asked: { method: string; url: string; authorization: string | undefined; body: string }[] = [];
let answers: (request: IncomingMessage) => { status: number; body: unknown };
let server: Server;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "access-"));
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      asked.push({ method, url, authorization: headers.authorization, body });
      const { status, body: answer } = answers(request);
      response.writeHead(status).end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  asked.length = 0;
  answers = ({ url = "" }) => {
    const resources = [
      { name: "deployments/scale", kind: "Deployment", namespaced: true },
      { name: "deployments", kind: "Deployment", namespaced: true },
    ];
    if (url === "/apis/apps/v1") return { status: 200, body: { resources } };
    if (url.startsWith("/apis/apps/v1/namespaces/shop/deployments/web"))
      return { status: 200, body: { metadata: { name: "web" } } };
    if (url.startsWith("/apis/apps/v1/namespaces/shop/deployments"))
      return { status: 200, body: { items: [{ metadata: { name: "web" } }] } };
    return { status: 404, body: { message: "not found" } };
  };
});

const address = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

function kubeconfig(user: object, cluster: object = {}): string {
  return JSON.stringify({
    "current-context": "eu",
    contexts: [{ name: "eu", context: { cluster: "eu", user: "me" } }],
    clusters: [{ name: "eu", cluster: { server: address(), ...cluster } }],
    users: [{ name: "me", user }],
  });
}

/** The kubeconfig as a file of the user, as `KUBECONFIG` names it. */
function asFile(text: string): { KUBECONFIG: string } {
  const path = join(folder, "config");
  writeFileSync(path, text);
  return { KUBECONFIG: path };
}

describe("the API of a cluster", () => {
  it("finds, lists, makes and removes objects where the server serves their kind", async () => {
    const api = openCluster("eu", { kubeconfig: kubeconfig({ token: CANARY }) });
    expect(await api.get(DEPLOYMENT)).toMatchObject({ metadata: { name: "web" } });
    expect(await api.list({ ...DEPLOYMENT, labelSelector: "app=web" })).toHaveLength(1);
    await api.create(DEPLOYMENT, { spec: 1 });
    await api.remove(DEPLOYMENT);
    const at = "/apis/apps/v1/namespaces/shop/deployments";
    expect(asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
      "GET /apis/apps/v1",
      `GET ${at}/web`,
      `GET ${at}?labelSelector=app%3Dweb`,
      `POST ${at}`,
      `DELETE ${at}/web`,
    ]);
    expect(asked[3]?.body).toBe('{"spec":1}');
    expect(new Set(asked.map(({ authorization }) => authorization))).toEqual(new Set([`Bearer ${CANARY}`]));
  });

  it("has nothing of a kind that the server does not serve, and asks for it again later", async () => {
    const api = openCluster("eu", { kubeconfig: kubeconfig({}) });
    const widget = { apiVersion: "example.com/v1", kind: "Widget", name: "w" };
    expect(await api.get(widget)).toBeUndefined();
    expect(await api.list(widget)).toEqual([]);
    expect(asked.map(({ url }) => url)).toEqual(["/apis/example.com/v1", "/apis/example.com/v1"]);
    await expect(api.create(widget, {})).rejects.toThrow("it serves no kind Widget in example.com/v1");
  });

  it("says what the server refused with", async () => {
    const api = openCluster("eu", { kubeconfig: kubeconfig({}) });
    answers = () => ({ status: 403, body: { message: "pods is forbidden" } });
    const error = await api.list({ apiVersion: "v1", kind: "Pod" }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status: 403, reason: "pods is forbidden" });
  });

  it("names the host of a server that cannot be reached, and no credential", async () => {
    const user = { token: CANARY };
    const api = openCluster("eu", { kubeconfig: kubeconfig(user, { server: "http://127.0.0.1:1" }) });
    const error = await api.get(DEPLOYMENT).catch((caught: unknown) => caught as Error);
    expect(error).toBeInstanceOf(UnreachableError);
    expect((error as Error).message).toBe("127.0.0.1:1 cannot be reached (ECONNREFUSED)");
  });
});

describe("the credentials of a kubeconfig", () => {
  it("come from a token's file beside it, read for each request since it is rotated", async () => {
    writeFileSync(join(folder, "token"), "first\n");
    const api = openCluster("eu", { context: "eu" }, asFile(kubeconfig({ tokenFile: "token" })));
    await api.get(DEPLOYMENT);
    writeFileSync(join(folder, "token"), "second\n");
    await api.get(DEPLOYMENT);
    expect(asked.map(({ authorization }) => authorization)).toEqual([
      "Bearer first",
      "Bearer first",
      "Bearer second",
    ]);
  });

  it("come from a program that it names, which is asked again when they are refused", async () => {
    const program = `
      const info = JSON.parse(process.env.KUBERNETES_EXEC_INFO);
      const token = [info.kind, process.env.MORE, process.hrtime.bigint()].join(" ");
      console.log(JSON.stringify({ status: { token } }));`;
    const exec = {
      apiVersion: "client.authentication.k8s.io/v1",
      command: process.execPath,
      args: ["-e", program],
      env: [{ name: "MORE", value: "yes" }],
    };
    const served = answers;
    answers = (request) => (asked.length === 3 ? { status: 401, body: {} } : served(request));
    const api = openCluster("eu", { context: "eu" }, asFile(kubeconfig({ exec })));
    await api.get(DEPLOYMENT);
    expect(await api.get(DEPLOYMENT)).toBeDefined();
    const tokens = asked.map(({ authorization }) => authorization);
    expect(tokens[0]).toMatch(/^Bearer ExecCredential yes \d+$/);
    expect(tokens.slice(0, 3)).toEqual([tokens[0], tokens[0], tokens[0]]);
    expect(tokens[3]).not.toBe(tokens[0]);
  });

  it.each([
    ["are kept until they expire", 3_600_000, 1],
    ["are asked for anew a minute before they expire", 30_000, 4],
  ])("of a program %s", async (_title, leftMs, count) => {
    const status = { expirationTimestamp: new Date(Date.now() + leftMs).toISOString() };
    const program = `
      const status = { ...${JSON.stringify(status)}, token: String(process.hrtime.bigint()) };
      console.log(JSON.stringify({ status }));`;
    const exec = { command: process.execPath, args: ["-e", program] };
    const api = openCluster("eu", { context: "eu" }, asFile(kubeconfig({ exec })));
    for (let index = 0; index < 3; index++) await api.get(DEPLOYMENT);
    expect(asked).toHaveLength(4);
    expect(new Set(asked.map(({ authorization }) => authorization)).size).toBe(count);
  });

  it("come from a program that lies beside the kubeconfig, when its name is a path", async () => {
    const program = join(folder, "bin", "login");
    mkdirSync(join(folder, "bin"));
    writeFileSync(program, `#!/bin/sh\necho '{"status":{"token":"beside"}}'\n`, { mode: 0o700 });
    const api = openCluster(
      "eu",
      { context: "eu" },
      asFile(kubeconfig({ exec: { command: "./bin/login" } })),
    );
    await api.get(DEPLOYMENT);
    expect(asked[0]?.authorization).toBe("Bearer beside");
  });

  it("are in no error of a program that fails", async () => {
    const exec = { command: process.execPath, args: ["-e", `console.error("${CANARY}"); process.exit(3)`] };
    const api = openCluster("eu", { context: "eu" }, asFile(kubeconfig({ exec })));
    const error = await api.get(DEPLOYMENT).catch((caught: unknown) => caught as Error);
    expect((error as Error).message).toContain("failed (3); run it by hand to see what it says");
    expect((error as Error).message).not.toContain(CANARY);
  });

  it("are refused where a kubeconfig that is no file of the user would run a program", () => {
    const access = { kubeconfig: kubeconfig({ exec: { command: "login" } }) };
    expect(() => openAccess("eu", access)).toThrow('runs the program "login" for its credentials');
    expect(() => openAccess("eu", { ...access, allowExec: ["login"] })).not.toThrow();
  });

  it("are refused in the ways that are not supported, each with what to do", () => {
    const text = kubeconfig({ "auth-provider": { name: "gcp" } }, { "proxy-url": "http://proxy" });
    expect(() => openAccess("eu", { context: "eu" }, asFile(text))).toThrow(
      /cluster "eu":\n.*proxy-url.*\n.*auth-provider/,
    );
  });

  it("go to a server whose certificate is not checked only where that is said", () => {
    const text = kubeconfig(
      { token: CANARY },
      { server: "https://eu.example.com", "insecure-skip-tls-verify": true },
    );
    const access = { context: "eu" } as const;
    expect(() => openAccess("eu", access, asFile(text))).toThrow(/allowInsecureTls: true/);
    const said = openAccess("eu", { ...access, allowInsecureTls: true }, asFile(text));
    expect(said).toMatchObject({ isUnchecked: true });
    const checked = openAccess(
      "eu",
      { ...access, allowInsecureTls: true },
      asFile(kubeconfig({ token: CANARY })),
    );
    expect(checked).not.toHaveProperty("isUnchecked");
  });

  it("are a client certificate and its key, with the authority and the name of the server", async () => {
    const pem = (text: string): string => Buffer.from(text).toString("base64");
    writeFileSync(join(folder, "ca.crt"), "authority");
    const user = { "client-certificate-data": pem("certificate"), "client-key-data": pem("key") };
    const cluster = { "certificate-authority": "ca.crt", "tls-server-name": "kubernetes" };
    const endpoint = openAccess("eu", { context: "eu" }, asFile(kubeconfig(user, cluster)));
    expect(endpoint).toMatchObject({ ca: "authority", serverName: "kubernetes" });
    expect(await endpoint.credentials(false)).toEqual({ cert: "certificate", key: "key" });
  });
});
