import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  ClusterApi,
  isTrue,
  mergedKubeconfig,
  openKubeconfig,
  startClusters,
} from "../../../sandbox/clusters/index.ts";
import type { ClusterInfo } from "../../../sandbox/clusters/index.ts";
import { proxyControl, startProxy } from "../../../sandbox/proxy/index.ts";
import { run } from "../../../sandbox/processes/index.ts";
import { ensureTools } from "../../../sandbox/toolchain/index.ts";
import {
  clusterTools,
  configMap,
  deployment,
  namespace,
  newSandbox,
  pod,
  readyReplicas,
  removeSandbox,
  rollOut,
} from "./support.ts";

const NAMES = ["dev-1", "eu-1", "us-1"];
let dir: string;
let clusters: readonly ClusterInfo[];

beforeAll(async () => {
  dir = newSandbox();
  clusters = await startClusters(dir, await clusterTools(), NAMES, {
    proxy: (routes) => startProxy(dir, routes),
  });
});
afterAll(() => removeSandbox(dir));

const cluster = (index: number): ClusterInfo => clusters[index] as ClusterInfo;
const admin = (index = 0): ClusterApi => openKubeconfig(cluster(index).kubeconfig);
const endpoint = (token: string) => ({
  server: cluster(0).server,
  ca: readFileSync(cluster(0).tls.certificate, "utf8"),
  token,
});

describe("three clusters", () => {
  it.each(NAMES)("%s rolls out a Deployment of two replicas", async (name) => {
    const api = openKubeconfig(mergedKubeconfig(dir), name);
    await api.apply(namespace("roll-out"));
    await rollOut(api, deployment("web", "roll-out"));
    const pods = await api.list({ apiVersion: "v1", kind: "Pod" }, { namespace: "roll-out" });
    expect(pods.map((found) => isTrue(found, "Ready"))).toEqual([true, true]);
    expect(pods.every(({ spec }) => String(spec?.["nodeName"]).startsWith(`${name}-node-`))).toBe(true);
  });

  it("completes a Job", async () => {
    const job = {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name: "once", namespace: "default" },
      spec: { template: { spec: { ...pod, restartPolicy: "Never" } } },
    };
    await admin().apply(job);
    const done = await admin().until(job, (found) => isTrue(found, "Complete"));
    expect(done?.status?.["succeeded"]).toBe(1);
  });

  it("keeps a Deployment that fits no node waiting, and says why", async () => {
    const manifest = deployment("too-large", "default", 1, { requests: { cpu: "1000" } });
    await admin().apply(manifest);
    const query = { namespace: "default", labelSelector: "app=too-large" };
    await expect
      .poll(async () => JSON.stringify(await admin().list({ apiVersion: "v1", kind: "Pod" }, query)), {
        timeout: 20_000,
      })
      .toContain("Insufficient cpu");
    expect(readyReplicas(await admin().get(manifest))).toBe(0);
  });

  it("ends a namespace with all that is in it, also a claim that has a finalizer", async () => {
    const claim = {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name: "data", namespace: "going" },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    };
    await admin().apply(namespace("going"));
    await admin().apply(claim);
    await rollOut(admin(), deployment("web", "going"));
    await admin().remove(namespace("going"));
    await admin().until(namespace("going"), (found) => found === undefined);
    expect(await admin().get(claim)).toBeUndefined();
    expect(await admin().list({ apiVersion: "v1", kind: "Pod" }, { namespace: "going" })).toEqual([]);
  });

  it("do not see each other's objects", async () => {
    const mark = configMap("mark", "default", { only: "in dev-1" });
    await admin(0).apply(mark);
    expect((await admin(0).get(mark))?.data).toEqual({ only: "in dev-1" });
    expect(await admin(1).get(mark)).toBeUndefined();
    expect(await admin(2).get(mark)).toBeUndefined();
  });

  it("are different ones for whoever compares the UID of kube-system", async () => {
    const systems = await Promise.all([0, 1, 2].map((index) => admin(index).get(namespace("kube-system"))));
    expect(new Set(systems.map((system) => system?.metadata.uid)).size).toBe(3);
  });

  it("serve kubectl through the merged kubeconfig, on 127.0.0.1 and on localhost", async () => {
    const { kubectl } = await ensureTools(["kubectl"]);
    const version = (...args: string[]): Promise<string> =>
      run(kubectl, ["--kubeconfig", mergedKubeconfig(dir), ...args, "get", "--raw", "/version"]);
    for (const name of NAMES) expect(await version("--context", name)).toContain('"gitVersion"');
    const local = cluster(1).server.replace("127.0.0.1", "localhost");
    expect(await version("--context", "eu-1", "--server", local)).toContain('"gitVersion"');
  });
});

describe("who may do what", () => {
  it("lets the restricted identity work in its namespace and nowhere else", async () => {
    const api = openKubeconfig(cluster(0).restricted.restricted);
    const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "s", namespace: "restricted" } };
    await api.apply({ ...secret, stringData: { key: "value" } } as typeof secret);
    await rollOut(api, deployment("web", "restricted"));
    expect((await api.get(secret))?.data).toEqual({ key: Buffer.from("value").toString("base64") });
    const elsewhere = { ...secret, metadata: { name: "s", namespace: "kube-system" } };
    await expect(api.get(elsewhere)).rejects.toMatchObject({ name: "ApiError", status: 403 });
    await expect(api.apply(namespace("mine"))).rejects.toMatchObject({ status: 403 });
  });

  it("lets nobody do nothing until a role is bound", async () => {
    const api = openKubeconfig(cluster(0).restricted.nobody);
    const mark = configMap("for-nobody", "default");
    await admin().apply(mark);
    await expect(api.get(mark)).rejects.toMatchObject({ status: 403 });
    const binding = {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata: { name: "nobody-views", namespace: "default" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" },
      subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "nobody" }],
    };
    await admin().apply(binding);
    await api.until(mark, (found) => found !== undefined);
    await admin().remove(binding);
  });

  it("refuses a token of another cluster", async () => {
    const api = new ClusterApi(endpoint(cluster(1).tokens.admin));
    await expect(api.list({ apiVersion: "v1", kind: "Node" })).rejects.toMatchObject({ status: 401 });
  });

  it("shows a certificate that only its own kubeconfig trusts", async () => {
    const otherAuthority = readFileSync(cluster(1).tls.certificate, "utf8");
    const api = new ClusterApi({ ...endpoint(cluster(0).tokens.admin), ca: otherAuthority });
    await expect(api.send({ method: "GET", path: "/version" })).rejects.toThrow(/certificate/);
  });

  it("knows a service account by the token it was given", async () => {
    const path = "/api/v1/namespaces/default/serviceaccounts/default/token";
    const given = await admin().send({ method: "POST", path, body: { spec: {} } });
    const { token } = (JSON.parse(given.text) as { status: { token: string } }).status;
    const review = await new ClusterApi(endpoint(token)).send({
      method: "POST",
      path: "/apis/authentication.k8s.io/v1/selfsubjectreviews",
      body: { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" },
    });
    expect(review.text).toContain('"username":"system:serviceaccount:default:default"');
  });

  it("keeps every file that has a token or a key from other users", () => {
    const files = readdirSync(join(dir, "clusters"), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.parentPath.includes("shared.etcd"))
      .map((entry) => join(entry.parentPath, entry.name));
    const tokens = clusters.flatMap((each) => Object.values(each.tokens));
    const isSecret = (text: string): boolean =>
      text.includes("PRIVATE KEY") || tokens.some((token) => text.includes(token));
    const secret = files.filter((path) => isSecret(readFileSync(path, "utf8")));
    expect(secret).toHaveLength(2 + 7 * NAMES.length);
    expect(secret.filter((path) => (statSync(path).mode & 0o077) !== 0)).toEqual([]);
    expect(statSync(join(dir, "clusters")).mode & 0o077).toBe(0);
  });
});

describe("what admission refuses", () => {
  it("a privileged pod where the namespace enforces restricted, and only there", async () => {
    const manifest = (inNamespace: string) => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "root", namespace: inNamespace },
      spec: { containers: [{ ...pod.containers[0], securityContext: { privileged: true } }] },
    });
    await admin().apply(namespace("strict", { "pod-security.kubernetes.io/enforce": "restricted" }));
    await expect(admin().apply(manifest("strict"))).rejects.toThrow(/violates PodSecurity "restricted/);
    await admin().apply(namespace("lax"));
    const account = {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: "default", namespace: "lax" },
    };
    await admin().until(account, (found) => found !== undefined);
    expect((await admin().apply(manifest("lax"))).metadata.uid).not.toBe("");
  });

  it("what exceeds a quota", async () => {
    const quota = {
      apiVersion: "v1",
      kind: "ResourceQuota",
      metadata: { name: "few", namespace: "quota" },
      spec: { hard: { "count/secrets": "1" } },
    };
    const secret = (name: string) => ({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name, namespace: "quota" },
    });
    await admin().apply(namespace("quota"));
    await admin().apply(quota);
    await admin().until(quota, (found) => found?.status?.["hard"] !== undefined);
    await admin().apply(secret("first"));
    await expect(admin().apply(secret("second"))).rejects.toThrow(/exceeded quota: few/);
  });
});

describe("the way to a cluster", () => {
  const deployments = { apiVersion: "apps/v1", kind: "Deployment" };

  it("can be cut, and the cluster goes on by itself behind it", async () => {
    const proxy = proxyControl(dir);
    const web = deployment("behind", "default");
    await admin(2).apply(web);
    await proxy.refuse("us-1");
    await expect(admin(2).get(web)).rejects.toThrow(/ECONNREFUSED/);
    expect((await admin(1).list(deployments)).length).toBeGreaterThan(0);
    await proxy.pass("us-1");
    await admin(2).until(web, (found) => readyReplicas(found) === 2);
  });

  it("can answer in the API server's place, with a certificate that the kubeconfig trusts", async () => {
    const proxy = proxyControl(dir);
    await proxy.read("us-1", "requests");
    await proxy.answer("us-1", { status: 429, pathPattern: "/deployments", count: 1 });
    await expect(admin(2).list(deployments)).rejects.toMatchObject({ status: 429 });
    expect((await admin(2).list(deployments)).length).toBeGreaterThan(0);
    await proxy.read("us-1", "bytes");
  });
});
