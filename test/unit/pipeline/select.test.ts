import { describe, expect, it } from "vitest";
import { Mistake } from "../../../components/mistake";
import { definePipeline, push } from "../../../components/pipeline";
import { example } from "./example";

const clusters = {
  "eu-1": { context: "eu-1", labels: { region: "eu", tier: "canary" } },
  "us-1": { context: "us-1", labels: { region: "us", tier: "late" } },
  "eu-2": { context: "eu-2", labels: { region: "eu", tier: "late" } },
};
const dev = (change: object): Parameters<typeof definePipeline>[0] =>
  ({
    ...example,
    clusters,
    environments: { dev: { from: "build", delivery: push(), ...change } },
  }) as never;
const wavesOf = (change: object): (readonly [string, readonly string[]])[] =>
  definePipeline(dev(change)).environments["dev"]!.waves.map((wave) => [wave.name, wave.clusters]);
const problemsOf = (change: object, more: object = {}): readonly string[] => {
  try {
    definePipeline({ ...dev(change), ...more });
    return [];
  } catch (error) {
    if (error instanceof Mistake) return error.problems;
    throw error;
  }
};
const byRegion = (...regions: string[]): object => ({
  waves: regions.map((region) => ({ name: region, select: { region } })),
});

describe("an environment with selectors", () => {
  it("has the clusters with these labels in its waves, in the order of the pipeline", () => {
    expect(wavesOf(byRegion("eu", "us"))).toEqual([
      ["eu", ["eu-1", "eu-2"]],
      ["us", ["us-1"]],
    ]);
    expect(wavesOf({ select: { tier: ["late"] } })).toEqual([["all", ["us-1", "eu-2"]]]);
  });

  it("can name the clusters of one wave and select those of another", () => {
    const waves = [
      { name: "canary", clusters: ["eu-1"] },
      { name: "rest", select: { tier: "late" }, maxParallel: 2 },
    ];
    expect(wavesOf({ waves })).toEqual([
      ["canary", ["eu-1"]],
      ["rest", ["us-1", "eu-2"]],
    ]);
  });

  it.each([
    [
      "a selector that fits no cluster",
      byRegion("eu", "ap"),
      'environments.dev: wave "ap": select {"region":"ap"} fits no cluster; there are region: eu, us; tier: canary, late',
    ],
    [
      "a cluster that fits two waves",
      {
        waves: [
          { name: "a", select: { region: "eu" } },
          { name: "b", select: { tier: "late" } },
        ],
      },
      'environments.dev: cluster "eu-2" is named twice; it belongs to one wave',
    ],
    ["a selector without labels", { select: {} }, "environments.dev.select is {}; give labels"],
    [
      "clusters and a selector",
      { waves: [{ name: "a", clusters: ["eu-1"], select: { region: "eu" } }] },
      'wave "a" has to have either "clusters" or "select"; give one of them',
    ],
    ["a wave with neither", { waves: [{ name: "a" }] }, 'has to have either "clusters" or "select"'],
    ["a selector that is null", { select: null }, "environments.dev.select is null; give labels"],
  ])("is refused with %s", (_what, change, problem) => {
    expect(problemsOf(change)).toEqual([expect.stringContaining(problem)]);
  });

  it("is refused with labels that are none", () => {
    const labels = { region: "Europe, west" };
    expect(problemsOf({ clusters: ["eu-1"] }, { clusters: { "eu-1": { context: "a", labels } } })).toEqual([
      expect.stringContaining('clusters.eu-1.labels: "region" is "Europe, west"'),
    ]);
  });
});
