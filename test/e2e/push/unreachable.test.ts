import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { RunResult } from "../../../sandbox/processes/index.ts";
import { CLIENT_TIMEOUT_SECONDS } from "../../../components/clusters";
import { makePushWorld, wave } from "./world";
import type { PushWorld } from "./world";

const TARGETS = `waves: [${wave("all", ["eu-1", "us-1"])}]`;
const OBJECTS = [
  "ConfigMap/orders-config",
  "ConfigMap/orders-release",
  "Deployment/orders",
  "Service/orders",
  "ServiceAccount/orders",
];

let world: PushWorld;
beforeAll(async () => {
  world = await makePushWorld("unreachable");
});
afterAll(() => world?.remove());
beforeEach(() => world.ways.reset());

/** What `up` says, which has to name us-1 and nothing of the credentials. */
async function failsAtUs(): Promise<RunResult> {
  const result = await world.project.tryUp();
  const said = result.stdout + result.stderr;
  expect(result.code).not.toBe(0);
  expect(said).toMatch(/orders\/us-1.*\n?.*(?:unreachable|timeout|deadline|failed)/s);
  expect(said).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
  for (const { tokens } of world.sandbox.clusters) expect(said).not.toContain(tokens.admin);
  return result;
}

/** Names of the resources that the state has in a cluster. */
async function stateOf(cluster: string): Promise<string[]> {
  const text = await world.project.pulumi("stack", "export", "--stack", "dev");
  const { deployment } = JSON.parse(text) as { deployment: { resources: { urn: string }[] } };
  return deployment.resources.map(({ urn }) => urn).filter((urn) => urn.includes(`::orders/${cluster}/`));
}

describe("a cluster that refuses connections", () => {
  it("fails by its name, and what the others got stays, in the clusters and in the state", async () => {
    await world.ways.proxy.refuse(world.ways.route("us-1"));
    world.deliver({ targets: TARGETS });
    await failsAtUs();
    expect(await world.in("eu-1").names()).toEqual(OBJECTS);
    expect(await world.in("us-1").itself()).toBeUndefined();
    expect((await stateOf("eu-1")).length).toBe(OBJECTS.length + 1);
    expect(await stateOf("us-1")).toEqual([]);
  });

  it("gets all of it once it is back, and nothing is made twice", async () => {
    const before = await world.in("eu-1").versions();
    await world.project.up();
    expect(await world.in("us-1").names()).toEqual(OBJECTS);
    expect(await world.in("eu-1").versions()).toEqual(before);
    expect(await world.ways.changes("eu-1")).toEqual([]);
    expect(await world.project.up()).toEqual({});
  });
});

describe("a cluster that swallows connections", () => {
  it("fails by its name when its time is over, and what the others got stays", async () => {
    const before = { eu: await world.in("eu-1").uids(), us: await world.in("us-1").versions() };
    await world.ways.proxy.swallow(world.ways.route("us-1"));
    world.deliver({ targets: TARGETS, greeting: "still there?" });
    const begun = performance.now();
    await failsAtUs();
    expect(performance.now() - begun).toBeGreaterThan(CLIENT_TIMEOUT_SECONDS * 100);
    expect(await world.in("us-1").versions()).toEqual(before.us);
    expect(await world.in("eu-1").uids()).toEqual(before.eu);
    expect((await world.in("eu-1").objects())["ConfigMap/orders-config"]?.data).toEqual({
      GREETING: "still there?",
    });
  });

  it("gets all of it once it is back, in the same objects", async () => {
    const [eu, us] = [await world.in("eu-1").versions(), await world.in("us-1").uids()];
    await world.project.up();
    expect(await world.in("us-1").uids()).toEqual(us);
    expect((await world.in("us-1").objects())["ConfigMap/orders-config"]?.data).toEqual({
      GREETING: "still there?",
    });
    expect(await world.in("eu-1").versions()).toEqual(eu);
    expect(await world.project.up()).toEqual({});
  });
});
