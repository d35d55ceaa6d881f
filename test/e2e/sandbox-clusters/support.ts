import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { stopClusters } from "../../../sandbox/clusters/index.ts";
import type { ClusterApi, ClusterTools, KubeObject } from "../../../sandbox/clusters/index.ts";
import { stopAllServices } from "../../../sandbox/processes/index.ts";
import { ensureTools } from "../../../sandbox/toolchain/index.ts";

export const clusterTools = (): Promise<ClusterTools> =>
  ensureTools(["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok"]);

export const newSandbox = (): string => mkdtempSync(join(tmpdir(), "clusters-"));

export async function removeSandbox(dir: string): Promise<void> {
  await stopClusters(dir);
  await stopAllServices(dir);
  rmSync(dir, { recursive: true });
}

/** The ids of all processes whose command line names the folder, whatever the records say. */
export function processesNaming(dir: string): number[] {
  const ids = readdirSync("/proc").filter((entry) => /^\d+$/.test(entry));
  return ids.filter((id) => (read(`/proc/${id}/cmdline`) ?? "").includes(dir)).map(Number);
}

/** Kills these processes and waits until the last thread of each is gone, with all that it held. */
export async function killAll(ids: readonly number[]): Promise<void> {
  for (const id of ids) process.kill(id, "SIGKILL");
  await expect.poll(() => ids.flatMap(liveThreads)).toEqual([]);
}

function liveThreads(id: number): string[] {
  const threads = existsSync(`/proc/${id}/task`) ? readdirSync(`/proc/${id}/task`) : [];
  return threads.filter((thread) => /^State:\s+[^ZX]/m.test(read(`/proc/${id}/task/${thread}/status`) ?? ""));
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** With a short grace period: a namespace is given up for half of the longest one in it before it is looked at again. */
export const pod = {
  terminationGracePeriodSeconds: 1,
  containers: [{ name: "app", image: "registry.example.com/app:1" }],
};

export const namespace = (name: string, labels = {}) => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name, labels },
});

export const configMap = (name: string, inNamespace: string, data: Record<string, string> = {}) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: inNamespace },
  data,
});

export const deployment = (name: string, inNamespace: string, replicas = 2, resources = {}) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name, namespace: inNamespace },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { ...pod, containers: pod.containers.map((container) => ({ ...container, resources })) },
    },
  },
});

export const readyReplicas = (object: KubeObject | undefined): number =>
  Number(object?.status?.["readyReplicas"] ?? 0);

/** Waits until the Deployment, which may have to be made first, has that many ready replicas. */
export async function rollOut(api: ClusterApi, manifest: ReturnType<typeof deployment>): Promise<KubeObject> {
  await api.apply(manifest);
  const wanted = manifest.spec.replicas;
  return (await api.until(manifest, (found) => readyReplicas(found) === wanted)) as KubeObject;
}
