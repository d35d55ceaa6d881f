import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  killCluster,
  openKubeconfig,
  pauseCluster,
  readClusters,
  resumeCluster,
  startClusters,
  stopClusters,
  waitForCluster,
} from "../../../sandbox/clusters/index.ts";
import type { ClusterApi, ClusterInfo, ClusterTools } from "../../../sandbox/clusters/index.ts";
import { accepts } from "../../../sandbox/processes/index.ts";
import {
  clusterTools,
  configMap,
  deployment,
  killAll,
  newSandbox,
  processesNaming,
  removeSandbox,
  rollOut,
} from "./support.ts";

const VERSION = { method: "GET", path: "/version", timeoutMs: 700 } as const;
/** One etcd, and four processes of each cluster. */
const processesOf = (clusters: number): number => 1 + 4 * clusters;

let tools: ClusterTools;
let dir: string;
const start = (...names: string[]): Promise<readonly ClusterInfo[]> => startClusters(dir, tools, names);
const info = (name: string): ClusterInfo =>
  readClusters(dir).find((cluster) => cluster.name === name) as ClusterInfo;
const admin = (name: string): ClusterApi => openKubeconfig(info(name).kubeconfig);

/** In order, on one sandbox: what one does, the next must be able to go on from. */
beforeAll(async () => {
  tools = await clusterTools();
  dir = newSandbox();
  await start("eu", "eu-1");
});
afterAll(() => removeSandbox(dir));

describe("one cluster", () => {
  it("accepts connections and answers nothing while it is paused, and goes on when it is resumed", async () => {
    await rollOut(admin("eu"), deployment("paused", "default"));
    pauseCluster(dir, "eu");
    expect(await accepts(info("eu").apiPort)).toBe(true);
    await expect(admin("eu").send(VERSION)).rejects.toThrow(/GET \/version at .* failed/);
    expect((await admin("eu-1").send(VERSION)).status).toBe(200);
    resumeCluster(dir, "eu");
    await waitForCluster(dir, "eu");
    await rollOut(admin("eu"), deployment("paused", "default", 3));
  });

  it("goes on when it is started while it is paused", async () => {
    pauseCluster(dir, "eu");
    await start("eu");
    expect((await admin("eu").send(VERSION)).status).toBe(200);
  });

  it("refuses connections once it was killed, does not touch the others, and comes back", async () => {
    await killCluster(dir, "eu");
    expect(await accepts(info("eu").apiPort)).toBe(false);
    expect((await admin("eu-1").send(VERSION)).status).toBe(200);
    await expect(waitForCluster(dir, "eu", 300)).rejects.toThrow(/ECONNREFUSED/);
    expect(() => pauseCluster(dir, "eu")).toThrow("Cluster eu cannot be paused: it does not run.");
    await start("eu");
    await rollOut(admin("eu"), deployment("killed", "default"));
  });

  it("that is not there is named, with those that are", () => {
    expect(() => pauseCluster(dir, "asia")).toThrow(
      'There is no cluster "asia" in this sandbox; there is: eu, eu-1.',
    );
  });
});

describe("the clusters of a sandbox", () => {
  it("can be added to while others run, and naming fewer stops none", async () => {
    const before = readClusters(dir);
    const running = processesNaming(dir);
    expect(running).toHaveLength(processesOf(2));
    const [added] = await start("us");
    expect(processesNaming(dir)).toEqual(expect.arrayContaining(running));
    expect(processesNaming(dir)).toHaveLength(processesOf(3));
    expect(readClusters(dir)).toEqual([...before, added]);
    expect(await start("eu")).toEqual([before[0]]);
    expect(processesNaming(dir)).toHaveLength(processesOf(3));
  });

  it("say whose part ended, with the end of its log, and start it with the right one later", async () => {
    await killCluster(dir, "us");
    await expect(startClusters(dir, { ...tools, kwok: "/bin/false" }, ["us"])).rejects.toThrow(
      /us\.kwok ended/,
    );
    await start("us");
    await rollOut(admin("us"), deployment("right", "default"));
  });

  it("come back with their objects, addresses and tokens after every process was killed", async () => {
    const before = readClusters(dir);
    const mark = configMap("mark", "default", { written: "before the kill" });
    await admin("eu").apply(mark);
    const uid = (await rollOut(admin("eu-1"), deployment("web", "default"))).metadata.uid;

    await killAll(processesNaming(dir));

    expect(await start("eu", "eu-1", "us")).toEqual(before);
    expect((await admin("eu").get(mark))?.data).toEqual({ written: "before the kill" });
    expect(await admin("eu-1").get(mark)).toBeUndefined();
    expect((await admin("eu-1").get(deployment("web", "default")))?.metadata.uid).toBe(uid);
    await rollOut(admin("eu-1"), deployment("web", "default", 3));
  });

  it("leave no process when they are stopped, also of a paused one", async () => {
    expect(processesNaming(dir)).toHaveLength(processesOf(3));
    pauseCluster(dir, "eu");
    await stopClusters(dir);
    expect(processesNaming(dir)).toEqual([]);
  });
});
