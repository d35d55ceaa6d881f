import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { app, cronJob, inApplyOrder, job, migration, placed } from "../../../components/manifests";
import type { Manifest } from "../../../components/manifests";
import { openKubeconfig, startClusters } from "../../../sandbox/clusters/index.ts";
import type { ClusterApi } from "../../../sandbox/clusters/index.ts";
import { run } from "../../../sandbox/processes/index.ts";
import { ensureTools } from "../../../sandbox/toolchain/index.ts";
import {
  EVERY_APP,
  EVERY_CRON_JOB,
  EVERY_JOB,
  EVERY_MIGRATION,
  STATELESS_APP,
} from "../../unit/manifests/everything";
import { clusterTools, namespace, newSandbox, removeSandbox } from "../sandbox-clusters/support";
import { toYaml } from "../../../components/manifests/yaml";

const placement = { app: "shop", namespace: "shop", clusterScope: [] };

let dir: string;
let kubeconfig: string;
let api: ClusterApi;
beforeAll(async () => {
  dir = newSandbox();
  const [cluster] = await startClusters(dir, await clusterTools(), ["one"]);
  kubeconfig = cluster?.kubeconfig ?? "";
  api = openKubeconfig(kubeconfig);
  await api.apply(namespace("shop", { "pod-security.kubernetes.io/enforce": "restricted" }));
});
afterAll(() => removeSandbox(dir));

/** Applies as `kubectl` does on the server's side, where an unknown field is an error. */
async function apply(manifests: readonly Manifest[]): Promise<string> {
  const { kubectl } = await ensureTools(["kubectl"]);
  const args = ["apply", "--server-side", "--validate=strict", "--filename=-", `--kubeconfig=${kubeconfig}`];
  return run(kubectl, args, { input: toYaml(manifests.map((manifest) => placed(manifest, placement))) });
}

/** The Gateway API's kinds are no part of a cluster. */
const builtIn = (manifests: readonly Manifest[]): Manifest[] =>
  manifests.filter(({ kind }) => kind !== "HTTPRoute");

describe("what app() and its like make", () => {
  it.each([
    ["a stateful service with every part", builtIn(app(EVERY_APP))],
    ["a job", job(EVERY_JOB)],
    ["a job by schedule", cronJob(EVERY_CRON_JOB)],
    ["a migration", migration(EVERY_MIGRATION)],
  ])("is taken by a real API server, every field of it: %s", async (_what, manifests) => {
    const said = await apply(inApplyOrder(manifests));
    expect(said.trimEnd().split("\n")).toHaveLength(manifests.length);
  });

  it("runs in a namespace that enforces the restricted profile", async () => {
    // Nothing provides a volume here, and nodes have no zone.
    const empty = [{ name: "tmp", path: "/tmp", empty: {} }];
    const manifests = builtIn(app({ ...STATELESS_APP, name: "free", volumes: empty, spread: {} }));
    await apply(manifests);
    const deployment = manifests.find(({ kind }) => kind === "Deployment") as Manifest;
    const ready = await api.until(
      { ...deployment, metadata: { name: "free", namespace: "shop" } },
      (found) => Number(found?.status?.["readyReplicas"] ?? 0) >= 1,
    );
    expect(ready).toBeDefined();
  });

  it("runs jobs to their end", async () => {
    const manifests = job({ ...EVERY_JOB, name: "quick", volumes: [], sidecars: [], initContainers: [] });
    await apply(manifests);
    const [made] = manifests.filter(({ kind }) => kind === "Job");
    const ref = {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name: made?.metadata.name ?? "", namespace: "shop" },
    };
    await api.until(ref, (found) => Number(found?.status?.["succeeded"] ?? 0) === 1);
  });
});
