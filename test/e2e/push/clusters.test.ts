import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readLedger } from "../../../components";
import type { ClusterRecord } from "../../../components";
import type { Consent } from "../../../components/ledger";
import { createRepository } from "../../../sandbox/git/index.ts";
import type { RunResult } from "../../../sandbox/processes/index.ts";
import { makePushWorld, wave } from "./world";
import type { Delivery, PushWorld } from "./world";

const TWO = `waves: [${wave("all", ["eu-1", "us-1"], "maxParallel: 2")}]`;
/** Only the tests that need a third one have it: each costs every update a plugin. */
const THREE = `waves: [${wave("all", ["eu-1", "us-1", "dev-1"], "maxParallel: 3")}]`;
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

interface Special extends Partial<Delivery> {
  /** Consents of the ledger. @default none */
  readonly allow?: readonly Consent[];
}

/** The program from now on: a greeting to two clusters, and what is special. */
function deliver(greeting: string, args = "", { allow = [], ...more }: Special = {}): void {
  const ledger = `ledger: ${JSON.stringify({ repository, allow })},`;
  world.deliver({ targets: TWO, greeting, args: `${ledger} ${args}`, ...more });
}

interface Resource {
  readonly urn: string;
  readonly inputs?: unknown;
  readonly outputs?: unknown;
}

/** What the state has of a cluster, its provider included, as it stands there. */
async function stateOf(cluster: string): Promise<Resource[]> {
  const text = await world.project.pulumi("stack", "export", "--stack", "dev");
  const { deployment } = JSON.parse(text) as { deployment: { resources: Resource[] } };
  const own = deployment.resources.filter(({ urn }) =>
    `${urn.slice(urn.lastIndexOf("::") + 2)}/`.startsWith(`orders/${cluster}/`),
  );
  expect(own.length).toBeGreaterThan(6);
  return own;
}

/** The objects of a cluster as the state has them, whatever else it says of how they came there. */
async function objectsInState(cluster: string): Promise<Record<string, Resource>> {
  const objects = (await stateOf(cluster)).filter(({ urn }) => urn.includes("$kubernetes:"));
  return Object.fromEntries(objects.map(({ urn, inputs, outputs }) => [urn, { urn, inputs, outputs }]));
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
    expect(await greetingIn("eu-1")).toEqual({ GREETING: "second" });
    expect(JSON.stringify(await stateOf("us-1"))).toBe(JSON.stringify(state));
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
    expect(JSON.stringify(await stateOf("us-1"))).toBe(JSON.stringify(state));
  });

  it("is skipped where that is said: soon, although it swallows connections, and with its name", async () => {
    await world.ways.proxy.swallow(world.ways.route("us-1"));
    deliver("third", 'onUnreachable: "skip",');
    const [state, files] = [await objectsInState("us-1"), await toldTo("us-1")];
    const result = await world.project.tryUp();
    expect([result.code, saysItWell(result)]).toEqual([
      0,
      expect.stringContaining("cluster us-1 cannot be reached: "),
    ]);
    expect(await greetingIn("eu-1")).toEqual({ GREETING: "third" });
    expect(await objectsInState("us-1")).toEqual(state);
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
  });
});

/** One object more. */
const NOTES = `[{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "notes" }, data: { text: "keep" } }]`;
const has = async (cluster: string, key: string): Promise<boolean> =>
  key in (await world.in(cluster).objects());

describe("a cluster that is pinned", () => {
  it("stays at its release and keeps its folder, while the others go on", async () => {
    const { release, images } = (await recordOf("us-1"))!;
    const [files, versions] = [await toldTo("us-1"), await world.in("us-1").versions()];
    deliver("fourth", `pins: { "us-1": "${release}" },`, { more: NOTES });
    await world.project.up();
    expect([await greetingIn("eu-1"), await greetingIn("us-1")]).toEqual([
      { GREETING: "fourth" },
      { GREETING: "third" },
    ]);
    expect(await toldTo("us-1")).toEqual(files);
    expect(await world.in("us-1").versions()).toEqual(versions);
    expect(await recordOf("us-1")).toMatchObject({ state: "held", release, images });
  });

  it("goes on with the others when the pin is gone, and says what it ran before", async () => {
    const { release } = (await recordOf("us-1"))!;
    deliver("fourth", "", { more: NOTES });
    await world.project.up();
    expect(await greetingIn("us-1")).toEqual({ GREETING: "fourth" });
    expect(await recordOf("us-1")).toMatchObject({ state: "live", previous: release });
  });
});

describe("an object that a release no longer has", () => {
  it("is not deleted by a release that fails its gate, in an update that goes on after errors neither", async () => {
    const hurried = `waves: [${wave("all", ["eu-1", "us-1"], 'maxParallel: 2, timeout: "3s"')}]`;
    deliver("fifth", "", { targets: hurried, tooBigIn: ["eu-1"] });
    const { code, stdout } = await world.project.tryUp("dev", { PULUMI_CONTINUE_ON_ERROR: "true" });
    expect([code === 0, stdout]).toEqual([false, expect.stringContaining('gate "all"')]);
    for (const cluster of ["eu-1", "us-1"]) expect(await has(cluster, "ConfigMap/notes")).toBe(true);
  });

  it("leaves the way back free when the release could not be applied at all", async () => {
    const ports = 'ports: [{ port: 80 }], clusterIP: "1.2.3.4"';
    const refused = `[{ apiVersion: "v1", kind: "Service", metadata: { name: "refused" }, spec: { ${ports} } }]`;
    deliver("fifth", "", { more: refused });
    const { code, stdout } = await world.project.tryUp();
    expect([code === 0, stdout]).toEqual([false, expect.stringContaining("Service/orders-clusters/refused")]);
  });

  it("is still there when the release has passed, and is removed by the next update", async () => {
    deliver("fifth");
    expect(await world.project.up()).not.toHaveProperty("deleted");
    expect(await has("eu-1", "ConfigMap/notes")).toBe(true);
    expect(await world.project.up()).toEqual({ deleted: 2 });
    for (const cluster of ["eu-1", "us-1"]) expect(await has(cluster, "ConfigMap/notes")).toBe(false);
  });
});

/** The second one in a wave of its own. */
const IN_TURN = `waves: [${wave("first", ["eu-1"])}, ${wave("second", ["us-1"])}]`;
/** As many as most of what a cluster runs. */
const CROWD = Array.from({ length: 8 }, (_, index) => `ConfigMap/crowd-${index}`);
const CROWDED = `cluster !== "us-1" ? [] : Array.from({ length: ${CROWD.length} }, (_, index) =>
  ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "crowd-" + index } }))`;
const REFUSED =
  /8 of \d+ files would be removed from "clusters\/us-1" \(.*crowd-0.*, …\); .* say so with allow: \["removals"\]/;
const crowdIn = async (cluster: string): Promise<string[]> =>
  (await world.in(cluster).names()).filter((name) => CROWD.includes(name)).sort();

describe("a release without more than half of the objects of a later wave's cluster", () => {
  it("is refused by preview and update, which name some of them, and nothing changes in any cluster", async () => {
    deliver("fifth and a half", "", { targets: IN_TURN, more: CROWDED });
    await world.project.up();
    const before = [await world.in("eu-1").versions(), await world.in("us-1").versions()];
    const files = await toldTo("eu-1");
    deliver("fifth", "", { targets: IN_TURN });
    for (const result of [
      await world.project.tryPulumi("preview", "--stack", "dev"),
      await world.project.tryUp("dev", { PULUMI_CONTINUE_ON_ERROR: "true" }),
    ]) {
      expect([result.code === 0, saysItWell(result)]).toEqual([false, expect.stringMatching(REFUSED)]);
    }
    expect([await world.in("eu-1").versions(), await world.in("us-1").versions()]).toEqual(before);
    expect(await toldTo("eu-1")).toEqual(files);
  });

  it("is delivered with consent, and they are deleted by the update after the one that has passed its gate", async () => {
    deliver("fifth", "", { targets: IN_TURN, allow: ["removals"] });
    expect(await world.project.up()).not.toHaveProperty("deleted");
    for (const cluster of ["eu-1", "us-1"]) expect(await greetingIn(cluster)).toEqual({ GREETING: "fifth" });
    expect(await crowdIn("us-1")).toEqual(CROWD);
    deliver("fifth", "", { targets: IN_TURN });
    expect(await world.project.up()).toEqual({ deleted: CROWD.length });
    expect(await crowdIn("us-1")).toEqual([]);
  });
});

/** An object that somebody else has made, too. */
const MINE = `[{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "theirs" }, data: { a: "1" } }]`;

describe("what somebody else has made", () => {
  it("is refused before anything is changed, with its cluster, its name and its owner", async () => {
    const eu = world.in("eu-1");
    const metadata = { name: "theirs", namespace: eu.name };
    const theirs = { apiVersion: "v1", kind: "ConfigMap", metadata, data: { a: "1" } };
    await eu.api.apply(theirs);
    deliver("sixth", "", { more: MINE });
    const result = await world.project.tryUp();
    expect(result.code).not.toBe(0);
    expect(saysItWell(result)).toMatch(
      /cluster "eu-1" has ConfigMap orders-clusters\/theirs already, and it is .*'s; /,
    );
    expect(await greetingIn("us-1")).toEqual({ GREETING: "fifth" });
  });

  it("is taken over where that is said for one update", async () => {
    const { "ConfigMap/theirs": uid } = await world.in("eu-1").uids();
    deliver("sixth", "adopt: true,", { targets: THREE, more: MINE });
    await world.project.up();
    expect((await world.in("eu-1").uids())["ConfigMap/theirs"]).toBe(uid);
  });
});

describe("another cluster under the same name", () => {
  it("is refused before anything is changed in it", async () => {
    const versions = await world.in("eu-1").versions();
    const file = "swapped.kubeconfig";
    const swapped = world.ways
      .kubeconfigOf("eu-1")
      .replaceAll("name: eu-1", "name: us-1")
      .replaceAll(": eu-1", ": us-1");
    world.project.write(file, swapped);
    const text = `require("node:fs").readFileSync("${file}", "utf8")`;
    const targets = THREE.replace(
      '{ name: "us-1", context: "us-1" }',
      `{ name: "us-1", kubeconfig: ${text} }`,
    );
    deliver("seventh", "", { targets });
    const result = await world.project.tryUp();
    expect([result.code === 0, saysItWell(result)]).toEqual([
      false,
      expect.stringMatching(
        /cluster "us-1" is another one than before: the UID of its kube-system is [0-9a-f-]+, and was /,
      ),
    ]);
    expect(await world.in("eu-1").versions()).toEqual(versions);
  });
});

describe("a cluster that is given up", () => {
  it("is refused when it is merely left out, and keeps what it runs", async () => {
    deliver("sixth", "", { more: MINE });
    const result = await world.project.tryUp();
    expect([result.code === 0, saysItWell(result)]).toEqual([
      false,
      expect.stringContaining('cluster "dev-1" is in no wave any more'),
    ]);
    expect(await greetingIn("dev-1")).toEqual({ GREETING: "sixth" });
  });

  it("keeps what it runs, and is nobody's, when it is orphaned, while another one is emptied", async () => {
    const [uids, versions] = [await world.in("dev-1").uids(), await world.in("eu-1").versions()];
    deliver("sixth", `retired: [{ name: "dev-1", context: "dev-1", retired: "orphan" }],`, { more: MINE });
    // What was adopted is ours from then on: nothing has to be said of it again.
    await world.project.up();
    const one = `waves: [${wave("all", ["eu-1"])}]`;
    const emptied = `retired: [{ name: "us-1", context: "us-1", retired: "delete" }],`;
    deliver("sixth", emptied, { targets: one, more: MINE });
    await world.project.up();
    expect(await world.in("dev-1").uids()).toEqual(uids);
    expect(await toldTo("dev-1")).toEqual({});
    expect(await world.project.pulumi("stack", "export", "--stack", "dev")).not.toContain("orders/dev-1");
    expect(await world.in("us-1").names()).toEqual([]);
    expect(await world.in("eu-1").versions()).toEqual(versions);
  });
});
