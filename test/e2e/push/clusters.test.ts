import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readLedger } from "../../../components";
import type { ClusterRecord } from "../../../components";
import { createRepository } from "../../../sandbox/git/index.ts";
import type { RunResult } from "../../../sandbox/processes/index.ts";
import { makePushWorld, wave } from "./world";
import type { Delivery, PushWorld } from "./world";

const ALL = `waves: [${wave("all", ["eu-1", "us-1", "dev-1"], "maxParallel: 3")}]`;
const BRANCH = "deploy/orders/dev";

let world: PushWorld;
let repository: string;
beforeAll(async () => {
  world = await makePushWorld("clusters");
  const made = await createRepository(world.sandbox.git, "clusters-deploy", { private: true });
  repository = made.cloneUrl;
  deliver("first");
  await world.project.up();
});
afterAll(() => world?.remove());

/** The program from now on: a greeting to all clusters, and what is special. */
function deliver(greeting: string, args = "", more: Partial<Delivery> = {}): void {
  const ledger = `ledger: { repository: ${JSON.stringify(repository)} },`;
  world.deliver({ targets: ALL, greeting, args: `${ledger} ${args}`, ...more });
}

interface Resource {
  readonly urn: string;
  readonly type: string;
}

/** What the state has of a cluster, its provider excepted where `objects` is said, as text. */
async function stateOf(cluster: string, objects = false): Promise<string> {
  const text = await world.project.pulumi("stack", "export", "--stack", "dev");
  const { deployment } = JSON.parse(text) as { deployment: { resources: Resource[] } };
  const own = deployment.resources.filter(({ urn }) => {
    const name = urn.slice(urn.lastIndexOf("::") + 2);
    return name.startsWith(`orders/${cluster}/`) || (name === `orders/${cluster}` && !objects);
  });
  expect(own.length).toBeGreaterThan(4);
  return JSON.stringify(own);
}

const greetingIn = async (cluster: string): Promise<unknown> =>
  (await world.in(cluster).objects())["ConfigMap/orders-config"]?.data;

const recordOf = async (cluster: string): Promise<ClusterRecord | undefined> =>
  (await world.project.outputs<{ record: Record<string, ClusterRecord> }>()).record[cluster];

/** The files that the ledger has of a cluster. */
async function toldTo(cluster: string): Promise<Record<string, string>> {
  const environment = { ...process.env, ...world.project.env };
  const ledger = await readLedger({ repository, branch: BRANCH }, { environment });
  ledger.close();
  return Object.fromEntries(ledger.clusters.get(cluster) ?? []);
}

function saysItWell({ stdout, stderr }: RunResult): string {
  const said = stdout + stderr;
  expect(said).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
  for (const { tokens } of world.sandbox.clusters) expect(said).not.toContain(tokens.admin);
  return said;
}

/** In order, on one delivery: what one does, the next goes on from. */
describe("one of several clusters that cannot be reached", () => {
  it("is named by the preview, which shows nothing of it as changed or deleted, and does not fail", async () => {
    await world.ways.proxy.refuse(world.ways.route("us-1"));
    deliver("second");
    const said = await world.project.pulumi("preview", "--stack", "dev", "--color", "never");
    expect(said).toMatch(/cluster us-1 cannot be reached: .*ECONNREFUSED.*; it is left at release orders-/);
    expect(said.split("\n").filter((line) => line.includes("orders/us-1/"))).toEqual([]);
    expect(said).not.toMatch(/to delete/);
  });

  it("fails the update by its name after the others are done, and its state is byte for byte the same", async () => {
    const [state, files, versions] = [
      await stateOf("us-1"),
      await toldTo("us-1"),
      await world.in("us-1").versions(),
    ];
    const result = await world.project.tryUp();
    expect(result.code).not.toBe(0);
    expect(saysItWell(result)).toContain("cluster us-1 cannot be reached");
    expect([await greetingIn("eu-1"), await greetingIn("dev-1")]).toEqual([
      { GREETING: "second" },
      { GREETING: "second" },
    ]);
    expect(await stateOf("us-1")).toBe(state);
    expect(await toldTo("us-1")).toEqual(files);
    expect(await world.in("us-1").versions()).toEqual(versions);
  });

  it("is left as it is by an update that goes on after errors, too", async () => {
    deliver("second and a half");
    const state = await stateOf("us-1");
    const result = await world.project.tryUp("dev", { PULUMI_CONTINUE_ON_ERROR: "true" });
    expect(result.code).not.toBe(0);
    expect(saysItWell(result)).toContain("cluster us-1 cannot be reached");
    expect(await greetingIn("eu-1")).toEqual({ GREETING: "second and a half" });
    expect(await stateOf("us-1")).toBe(state);
  });

  it("is skipped where that is said: soon, although it swallows connections, and with its name", async () => {
    await world.ways.proxy.swallow(world.ways.route("us-1"));
    deliver("third", 'onUnreachable: "skip",');
    const [state, files] = [await stateOf("us-1", true), await toldTo("us-1")];
    const result = await world.project.tryUp();
    expect([result.code, saysItWell(result)]).toEqual([
      0,
      expect.stringContaining("cluster us-1 cannot be reached: "),
    ]);
    expect([await greetingIn("eu-1"), await greetingIn("dev-1")]).toEqual([
      { GREETING: "third" },
      { GREETING: "third" },
    ]);
    expect(await stateOf("us-1", true)).toBe(state);
    expect(await toldTo("us-1")).toEqual(files);
    expect(await recordOf("us-1")).toMatchObject({ state: "unreachable" });
    expect(await recordOf("eu-1")).toMatchObject({ state: "live" });
  });

  it("gets all of it once it is back, in the same objects", async () => {
    await world.ways.reset();
    deliver("third");
    const uids = await world.in("us-1").uids();
    await world.project.up();
    expect(await greetingIn("us-1")).toEqual({ GREETING: "third" });
    expect(await world.in("us-1").uids()).toEqual(uids);
    expect(await recordOf("us-1")).toMatchObject({ state: "live" });
    expect(await world.project.up()).toEqual({});
  });
});
