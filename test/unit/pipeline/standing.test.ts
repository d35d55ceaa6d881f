import { describe, expect, it } from "vitest";
import { definePipeline, flux } from "../../../components/pipeline";
import { checkStandings, consentsOf, standingOf } from "../../../components/pipeline/standing";
import type { StandingSettings } from "../../../components/pipeline/standing";
import { makeRelease } from "../../../components/release";
import { example, IMAGE } from "./example";

const pipeline = definePipeline({
  ...example,
  ledger: { repository: "https://git.example.com/acme/deploy.git" },
});
const [stack, { waves }] = Object.entries(pipeline.environments).at(-1)!;
const [cluster] = waves.flatMap(({ clusters }) => clusters) as [string];
const block = makeRelease(pipeline.app, {
  commit: "1".repeat(40),
  sources: "b".repeat(64),
  images: { old: IMAGE },
});
const check = (settings: StandingSettings): string[] => checkStandings(pipeline, stack, settings);
const FILE = `stacks/Pulumi.${stack}.yaml: delivery:`;

describe("what a stack's file says of single clusters", () => {
  it("may be nothing", () => {
    expect(check({})).toEqual([]);
    expect(standingOf(pipeline, {})).toEqual({ pins: {}, retired: [], rebuilt: [], adopt: false });
    expect(consentsOf({})).toEqual({});
  });

  it("pins a cluster to a whole release block, which may have images that the pipeline no longer has", () => {
    expect(check({ pins: { [cluster]: block } })).toEqual([]);
    expect(standingOf(pipeline, { pins: { [cluster]: block } }).pins).toEqual({ [cluster]: block.id });
  });

  it("refuses a pin of a strange cluster, and a block that was changed by hand", () => {
    expect(check({ pins: { nowhere: block } }).join()).toContain(`${FILE}pins names cluster "nowhere"`);
    const changed = { ...block, images: { old: IMAGE.replace("a", "b").replace(/.$/, "0") } };
    expect(check({ pins: { [cluster]: changed } }).join()).toContain("the block was changed by hand");
    expect(check({ pins: block.id }).join()).toContain(
      `${FILE}pins is "${block.id}"; give a release block by cluster`,
    );
  });

  it("retires a cluster by how, with the way to it that the pipeline still has", () => {
    expect(check({ retired: { [cluster]: "orphan" } })).toEqual([]);
    expect(standingOf(pipeline, { retired: { [cluster]: "orphan" } }).retired).toEqual([
      { name: cluster, context: pipeline.clusters[cluster]!.context, retired: "orphan" },
    ]);
    expect(check({ retired: { [cluster]: "burn" } })).toEqual([
      `${FILE}retired.${cluster} is "burn"; give "delete" or "orphan"`,
    ]);
  });

  it("retires one that was renamed by the names that it had: for the plugin it stays the same cluster", () => {
    const clusters = { ...pipeline.clusters, [cluster]: { context: "c", formerly: ["first"] } };
    expect(standingOf({ ...pipeline, clusters }, { retired: { [cluster]: "orphan" } }).retired).toEqual([
      { name: cluster, context: "c", formerly: ["first"], retired: "orphan" },
    ]);
  });

  it("has nothing to take over where agents apply, and says so", () => {
    const environments = { live: { from: "build", delivery: flux(), clusters: [cluster] } };
    const pulled = definePipeline({ ...example, ledger: pipeline.ledger!, environments });
    expect(checkStandings(pulled, "live", { adopt: true, rebuilt: [cluster] })).toEqual([
      "stacks/Pulumi.live.yaml: delivery:adopt is of a push, and agents deliver here; remove it",
    ]);
    expect(checkStandings(pulled, "live", { retired: { [cluster]: "delete" } })).toEqual([]);
  });

  it("refuses every other form, all of them at once", () => {
    const problems = check({ retired: "all", rebuilt: "eu", adopt: "yes", allow: ["everything"] });
    expect(problems.map((problem) => problem.slice(FILE.length).split(" ")[0])).toEqual([
      "retired",
      "rebuilt",
      "adopt",
      "allow",
    ]);
  });

  it("needs the ledger for pins and retirements, be it the stack's own", () => {
    const bare = { ...pipeline, ledger: undefined };
    const pins = { [cluster]: block };
    expect(checkStandings(bare, stack, { pins }).join()).toContain("need a ledger");
    expect(checkStandings(bare, stack, { pins, ledger: "https://git.example.com/x.git" })).toEqual([]);
  });

  it("passes consents on to the ledger", () => {
    expect(consentsOf({ allow: ["removals"] })).toEqual({ allow: ["removals"] });
  });
});
