import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Manifest } from "../../../components/manifests";
import { podSecurityLevel } from "../../../components/manifests/checks";
import type { PodSecurityLevel } from "../../../components/manifests/checks";
import { openKubeconfig, startClusters } from "../../../sandbox/clusters/index.ts";
import type { ClusterApi } from "../../../sandbox/clusters/index.ts";
import { PODS } from "../../unit/manifests/pods";
import { clusterTools, namespace, newSandbox, removeSandbox } from "../sandbox-clusters/support";

const GENERATED = 300;
const LEVELS: readonly PodSecurityLevel[] = ["restricted", "baseline", "privileged"];

let dir: string;
let api: ClusterApi;
beforeAll(async () => {
  dir = newSandbox();
  const [cluster] = await startClusters(dir, await clusterTools(), ["one"]);
  api = openKubeconfig(cluster?.kubeconfig ?? "");
  for (const level of LEVELS)
    await api.apply(namespace(level, { "pod-security.kubernetes.io/enforce": level }));
  for (const level of LEVELS) {
    const account = {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: "default", namespace: level },
    };
    await api.until(account, (found) => found !== undefined);
  }
});
afterAll(() => removeSandbox(dir));

/** The strictest profile under which the API server takes the pod. */
async function levelByServer(pod: Manifest): Promise<PodSecurityLevel | string> {
  for (const level of LEVELS) {
    const path = `/api/v1/namespaces/${level}/pods?dryRun=All`;
    const { status, text } = await api.send({ method: "POST", path, body: pod });
    if (status === 201) return level;
    if (!text.includes("violates PodSecurity")) return text;
  }
  return "refused under every profile";
}

describe("the verdict on a pod", () => {
  it(`is that of the real admission: ${GENERATED} generated pods under all three profiles`, async () => {
    const pods = fc
      .sample(PODS, GENERATED)
      .map((spec): Manifest => ({ apiVersion: "v1", kind: "Pod", metadata: { name: "a" }, spec }));
    const seen = new Set<string>();
    for (const pod of pods) {
      const level = await levelByServer(pod);
      seen.add(level);
      expect(podSecurityLevel([pod]), JSON.stringify(pod.spec)).toBe(level);
    }
    expect([...seen].sort()).toEqual([...LEVELS].sort());
  });
});
