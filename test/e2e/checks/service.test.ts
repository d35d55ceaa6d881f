import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { Server } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { checks, pusherRole } from "../../../components";
import type { HttpArgs } from "../../../components";
import type { Verdict } from "../../../components/checks";
import { kindOf } from "../../../components/checks/kinds";
import { openCluster } from "../../../components/clusters/api";
import { openKubeconfig, startClusters } from "../../../sandbox/clusters/index.ts";
import type { ClusterApi, ClusterInfo } from "../../../sandbox/clusters/index.ts";
import {
  clusterTools,
  deployment,
  namespace,
  newSandbox,
  removeSandbox,
  rollOut,
} from "../sandbox-clusters/support.ts";

const NAMESPACE = "shop";
const PUSHER = { kind: "User", name: "nobody" } as const;
const SERVICE = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web", namespace: NAMESPACE },
  spec: { selector: { app: "web" }, ports: [{ name: "http", port: 80, targetPort: 8080 }] },
};

let dir: string;
let cluster: ClusterInfo;
let admin: ClusterApi;
let network: Server;
/** What the API server asked, and of which pod, as `10.0.0.1:8080`. */
const asked: { readonly pod: string; readonly path: string }[] = [];
let answers: (index: number) => { readonly status: number; readonly body: string };

beforeAll(async () => {
  dir = newSandbox();
  const podNetwork = join(dir, "pods");
  network = createPodNetwork();
  await new Promise<void>((resolve) => network.listen(podNetwork, resolve));
  [cluster] = (await startClusters(dir, await clusterTools(), ["eu-1"], { podNetwork })) as [ClusterInfo];
  admin = openKubeconfig(cluster.kubeconfig);
  await admin.apply(namespace(NAMESPACE));
  await admin.apply(SERVICE);
});
afterAll(async () => {
  await new Promise((resolve) => network.close(resolve));
  await removeSandbox(dir);
});
beforeEach(() => void (asked.length = 0));

/** Plays every pod, whatever its address: nothing runs on the nodes of the sandbox. All else on the way is real. */
function createPodNetwork(): Server {
  const addresses = new WeakMap<object, string>();
  const pods = createServer(({ socket, url = "" }, response) => {
    const { status, body } = answers(asked.push({ pod: addresses.get(socket) ?? "", path: url }) - 1);
    response.writeHead(status, { connection: "close" }).end(body);
  });
  return createServer().on("connect", ({ url = "" }, socket) => {
    addresses.set(socket, url);
    socket.write("HTTP/1.1 200 OK\r\n\r\n");
    pods.emit("connection", socket);
  });
}

/** What the check finds, by the account of whoever pushes. */
function observe(args: Partial<HttpArgs> = {}): Promise<Verdict> {
  const check = checks.http({ service: "web", port: "http", ...args } as HttpArgs);
  const api = openCluster(cluster.name, { kubeconfig: readFileSync(cluster.restricted.nobody, "utf8") });
  const target = { cluster: cluster.name, api, app: "web", namespace: NAMESPACE, workloads: [], run: "1" };
  return kindOf(check).observe(check, { ...target, environment: {} });
}

/** In order, on one Service: what one does, the next goes on from. */
describe("the http check of a Service, through the API server", () => {
  it("says what is not allowed, until whoever pushes has the role that is made for it", async () => {
    expect((await observe()).reason).toMatch(/403 \(.*cannot get resource "services\/proxy".*\)/);
    const given = { app: "web", namespace: NAMESPACE, manifests: [SERVICE], pusher: PUSHER };
    for (const object of pusherRole({ ...given, checks: [checks.http({ service: "web", port: "http" })] })) {
      await admin.apply(object as Parameters<typeof admin.apply>[0]);
    }
    await expect.poll(async () => (await observe()).reason, { timeout: 30_000 }).not.toContain("403");
  });

  it("waits while no pod is behind it, in the API server's own words", async () => {
    expect(await observe()).toEqual({
      state: "pending",
      reason: expect.stringMatching(
        /\/ of Service web: 0 of 1 answers are as wanted; one was 503 \(no endpoints .*\)/,
      ),
    });
  });

  it("asks a pod that is ready, at its own port, and passes by status and text", async () => {
    answers = () => ({ status: 200, body: "shop 1.2" });
    await rollOut(admin, deployment("web", NAMESPACE));
    const wanted = { path: "/healthz?full=1", body: "shop 1.2" };
    await expect.poll(async () => (await observe(wanted)).state, { timeout: 30_000 }).toBe("passed");
    const pods = await admin.list({ apiVersion: "v1", kind: "Pod" }, { namespace: NAMESPACE });
    const addresses = pods.map(({ status }) => `${String(status?.["podIP"])}:8080`);
    expect(asked.at(-1)).toEqual({ pod: expect.toBeOneOf(addresses), path: "/healthz?full=1" });
    expect((await observe({ body: "shop 1.3" })).reason).toContain('one does not hold "shop 1.3"');
  });

  it("passes when n of m answers are as wanted, and waits when fewer are", async () => {
    answers = (index) => ({ status: index % 4 === 0 ? 500 : 200, body: "" });
    expect(await observe({ requests: 8, atLeast: 6 })).toEqual({
      state: "passed",
      reason: "/ of Service web: 6 of 8 answers are as wanted",
    });
    expect((await observe({ requests: 8, atLeast: 7 })).reason).toMatch(/6 of 8 .*; one was 500$/);
  });
});
