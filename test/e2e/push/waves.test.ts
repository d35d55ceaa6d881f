import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { waitUntil } from "../../../sandbox/processes/index.ts";
import type { RequestRecord } from "../../../sandbox/proxy/index.ts";
import { makePushWorld, wave } from "./world";
import type { PushWorld } from "./world";

const RECORD = "orders-release";
const CANARY_FIRST = `waves: [${wave("canary", ["eu-1"])}, ${wave("rest", ["us-1", "dev-1"])}]`;

let world: PushWorld;
beforeAll(async () => {
  world = await makePushWorld("waves");
});
afterAll(() => world?.remove());
beforeEach(() => world.ways.reset());

const first = (requests: readonly RequestRecord[]): number => requests[0]!.at;
const last = (requests: readonly RequestRecord[]): number => requests.at(-1)!.at;

async function changesIn(...clusters: string[]): Promise<RequestRecord[][]> {
  return Promise.all(clusters.map((cluster) => world.ways.changes(cluster)));
}

/** In order, on one delivery: what one does, the next goes on from. */
describe("waves of real clusters", () => {
  it("come one after the other, and so do the clusters of a wave; each ends with its record", async () => {
    world.deliver({ targets: CANARY_FIRST, greeting: "good day" });
    await world.project.up();
    const [canary, second, third] = (await changesIn("eu-1", "us-1", "dev-1")) as [
      RequestRecord[],
      RequestRecord[],
      RequestRecord[],
    ];
    expect(last(canary)).toBeLessThan(first(second));
    expect(last(second)).toBeLessThan(first(third));
    for (const requests of [canary, second, third])
      expect(requests.at(-1)?.path).toContain(`/configmaps/${RECORD}?`);
  });

  it("change nothing in a cluster that moves to another wave", async () => {
    const clusters = ["eu-1", "us-1", "dev-1"];
    const before = await Promise.all(clusters.map((cluster) => world.in(cluster).versions()));
    const moved = `waves: [${wave("canary", ["dev-1"])}, ${wave("rest", ["eu-1", "us-1"])}]`;
    world.deliver({ targets: moved, greeting: "good day" });
    await world.project.up();
    expect(await Promise.all(clusters.map((cluster) => world.in(cluster).versions()))).toEqual(before);
    expect((await changesIn(...clusters)).flat()).toEqual([]);
  });

  it("leave the clusters of the later ones as they are when one fails, and go on after the repair", async () => {
    const untouched = await Promise.all(["us-1", "dev-1"].map((cluster) => world.in(cluster).versions()));
    const hurried = `waves: [${wave("canary", ["eu-1"], 'timeout: "4s"')}, ${wave("rest", ["us-1", "dev-1"])}]`;
    world.deliver({ targets: hurried, greeting: "good evening", tooBigIn: ["eu-1"] });
    const { code, stdout } = await world.project.tryUp();
    expect(code).not.toBe(0);
    expect(stdout).toMatch(
      /gate "canary" of release by content failed: cluster eu-1: not as wanted within 4 s: .*no node/,
    );
    expect(await Promise.all(["us-1", "dev-1"].map((cluster) => world.in(cluster).versions()))).toEqual(
      untouched,
    );
    expect((await changesIn("us-1", "dev-1")).flat()).toEqual([]);

    await world.ways.reset();
    world.deliver({ targets: CANARY_FIRST, greeting: "good evening" });
    await world.project.up();
    const [canary, second] = (await changesIn("eu-1", "us-1")) as [RequestRecord[], RequestRecord[]];
    expect(last(canary)).toBeLessThan(first(second));
    for (const cluster of ["eu-1", "us-1", "dev-1"]) {
      const { "ConfigMap/orders-config": config } = await world.in(cluster).objects();
      expect(config?.data).toEqual({ GREETING: "good evening" });
    }
  });

  it("change maxParallel clusters at once, and the next ones when these have passed their gate", async () => {
    const targets = `waves: [${wave("all", ["dev-1", "eu-1", "us-1"], "maxParallel: 2")}]`;
    world.deliver({ targets, greeting: "good night", tooBigIn: ["dev-1"] });
    const running = world.project.tryUp();
    const dev = world.in("dev-1");
    const isChanged = async (cluster: string): Promise<boolean> => {
      const { "ConfigMap/orders-config": config } = await world.in(cluster).objects();
      return config?.data?.["GREETING"] === "good night";
    };
    const isAsked = async (): Promise<boolean> => {
      const { "Deployment/orders": deployment } = await dev.objects();
      return JSON.stringify(deployment?.spec).includes('"cpu":"100"');
    };
    const both = async (): Promise<boolean> => (await isChanged("eu-1")) && (await isAsked());
    expect(await waitUntil(both, 120_000)).toBe(true);
    expect((await changesIn("us-1")).flat()).toEqual([]);

    const container = { name: "orders", resources: { requests: { cpu: "10m" } } };
    await dev.api.apply({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "orders", namespace: dev.name },
      spec: { template: { spec: { containers: [container] } } },
    } as Parameters<typeof dev.api.apply>[0]);
    expect((await running).code).toBe(0);
    const [held, third] = (await changesIn("dev-1", "us-1")) as [RequestRecord[], RequestRecord[]];
    expect(last(held)).toBeLessThan(first(third));
  });
});
