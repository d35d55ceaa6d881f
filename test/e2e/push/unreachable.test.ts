import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { makePushWorld, wave } from "./world";
import type { PushWorld } from "./world";

const BOTH = `waves: [${wave("all", ["eu-1", "us-1"], "maxParallel: 2")}]`;

let world: PushWorld;
let count = 0;
beforeAll(async () => {
  world = await makePushWorld("unreachable");
  world.deliver({ targets: BOTH, greeting: "at first" });
  await world.project.up();
});
afterAll(() => world?.remove());
beforeEach(() => world.ways.reset());

/** All that the state has of a cluster, its provider included, as it stands there. */
async function stateOf(cluster: string): Promise<string> {
  const text = await world.project.pulumi("stack", "export", "--stack", "dev");
  const { deployment } = JSON.parse(text) as { deployment: { resources: { urn: string }[] } };
  const own = deployment.resources.filter(({ urn }) => /^orders\/us-1(\/|$)/.test(urn.split("::").at(-1)!));
  expect([cluster, own.length > 6]).toEqual(["us-1", true]);
  return JSON.stringify(own);
}

const greetingIn = async (cluster: string): Promise<unknown> =>
  (await world.in(cluster).objects())["ConfigMap/orders-config"]?.data?.["GREETING"];

async function failsForIt(PULUMI_CONTINUE_ON_ERROR: string): Promise<void> {
  const { code, stdout, stderr } = await world.project.tryUp("dev", { PULUMI_CONTINUE_ON_ERROR });
  expect([code !== 0, stdout]).toEqual([true, expect.stringContaining("cluster us-1 cannot be reached")]);
  for (const { tokens } of world.sandbox.clusters) expect(stdout + stderr).not.toContain(tokens.admin);
}

interface Kubeconfig {
  readonly clusters: readonly { readonly name: string; readonly cluster: Record<string, string> }[];
}

/** Changes the way to `us-1` in the kubeconfig that is in use; returns what makes it what it was. */
function edit(change: (us: Record<string, string>, eu: Record<string, string>) => void): () => void {
  const { kubeconfig } = world.ways;
  const before = readFileSync(kubeconfig, "utf8");
  const config = parse(before) as Kubeconfig;
  const of = (name: string): Record<string, string> =>
    config.clusters.find((each) => each.name === name)!.cluster;
  change(of("us-1"), of("eu-1"));
  writeFileSync(kubeconfig, stringify(config));
  return () => writeFileSync(kubeconfig, before);
}

const CA = "certificate-authority-data";
const WAYS: readonly [string, () => Promise<() => void> | (() => void), RegExp][] = [
  [
    "swallows connections",
    async () => (await world.ways.proxy.swallow(world.ways.route("us-1")), () => {}),
    /did not answer in time/,
  ],
  [
    "answers with errors alone",
    async () => (await world.ways.proxy.answer(world.ways.route("us-1"), { status: 503 }), () => {}),
    /its API server answers 503/,
  ],
  [
    "has a certificate of somebody else",
    () => edit((us, eu) => void (us[CA] = eu[CA]!)),
    /cannot be reached \(.*(SELF_SIGNED|UNABLE_TO|SIGNATURE|CERT).*\)/,
  ],
  [
    "has a name that nobody knows",
    () => edit((us) => void (us["server"] = "https://us-1.invalid:6443")),
    /us-1\.invalid:6443 cannot be reached \((ENOTFOUND|EAI_AGAIN)\)/,
  ],
];

/** Without a ledger, which would tell what it runs: nothing but the state knows. */
describe("one of two clusters (F2)", () => {
  it.each(WAYS)(
    "that %s is named by the preview, which deletes nothing, and by the update, which leaves its state byte for byte",
    async (_what, breakIt, why) => {
      const greeting = `greeting ${++count}`;
      world.deliver({ targets: BOTH, greeting });
      const [state, versions] = [await stateOf("us-1"), await world.in("us-1").versions()];
      const mend = await breakIt();
      try {
        const preview = await world.project.tryPulumi("preview", "--stack", "dev");
        expect([preview.code, preview.stdout]).toEqual([0, expect.stringMatching(why)]);
        expect(preview.stdout).toContain("cluster us-1 cannot be reached");
        expect(preview.stdout).not.toMatch(/to delete|to replace/);
        for (const goesOn of ["false", "true"]) await failsForIt(goesOn);
        expect(await greetingIn("eu-1")).toBe(greeting);
        expect(await stateOf("us-1")).toBe(state);
        expect(await world.in("us-1").versions()).toEqual(versions);
      } finally {
        mend();
      }
    },
  );

  it("gets all of it once it is back, and then nothing is left to do", async () => {
    await world.project.up();
    expect(await greetingIn("us-1")).toBe(`greeting ${count}`);
    expect(await world.project.up()).toEqual({});
  });
});

/** Without a ledger nobody but the state knows what leaves. */
describe("an object that leaves together with a release that fails its gate, without a ledger", () => {
  const notes = `[{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "notes" }, data: { text: "keep" } }]`;
  const inTurn = (more = ""): string =>
    `waves: [${wave("canary", ["eu-1"], more)}, ${wave("rest", ["us-1"])}]`;

  it.each(["false", "true"])(
    "stays in every cluster (continue on error: %s)",
    async (PULUMI_CONTINUE_ON_ERROR) => {
      world.deliver({ targets: inTurn(), greeting: "with notes", more: notes });
      await world.project.up();
      world.deliver({ targets: inTurn('timeout: "3s"'), greeting: "without", tooBigIn: ["eu-1"] });
      const { code, stdout } = await world.project.tryUp("dev", { PULUMI_CONTINUE_ON_ERROR });
      expect([code !== 0, stdout]).toEqual([true, expect.stringContaining('gate "canary"')]);
      for (const cluster of ["eu-1", "us-1"])
        expect(await world.in(cluster).names()).toContain("ConfigMap/notes");
    },
  );
});
