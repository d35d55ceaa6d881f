import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkSelector, selectClusters } from "../../../components/clusters";
import type { ClusterSelector } from "../../../components/clusters";

const clusters = [
  { name: "eu-1", labels: { region: "eu", tier: "canary" } },
  { name: "us-1", labels: { region: "us", tier: "early" } },
  { name: "eu-2", labels: { region: "eu", tier: "late" } },
  { name: "lab" },
];
const names = (selector: ClusterSelector): string[] =>
  selectClusters(clusters, selector).map(({ name }) => name);
const check = (selector: unknown): string[] => checkSelector("select", selector as ClusterSelector, clusters);

describe("clusters are chosen by their labels", () => {
  it.each([
    ["one label", { region: "eu" }, ["eu-1", "eu-2"]],
    ["all of several labels", { region: "eu", tier: "late" }, ["eu-2"]],
    ["one of several values", { tier: ["early", "canary"] }, ["eu-1", "us-1"]],
    ["a label that an object has by birth", { constructor: "Object" }, []],
  ])("with %s", (_what, selector, expected) => {
    expect(names(selector)).toEqual(expected);
  });

  it("in the order in which they are given, each at most once, and a wider selector has all of a narrower one", () => {
    const label = fc.constantFrom("a", "b", "c");
    const labels = fc.dictionary(fc.constantFrom("x", "y"), label);
    const cluster = fc.record({ labels });
    const selector = fc.dictionary(fc.constantFrom("x", "y"), fc.subarray(["a", "b", "c"], { minLength: 1 }));
    fc.assert(
      fc.property(fc.array(cluster), selector, label, (all, narrow, more) => {
        const wide = Object.fromEntries(
          Object.entries(narrow).map(([key, values]) => [key, [...values, more]]),
        );
        const chosen = selectClusters(all, narrow);
        expect(all.filter((one) => chosen.includes(one))).toEqual(chosen);
        expect(selectClusters(all, wide)).toEqual(expect.arrayContaining(chosen));
      }),
    );
  });
});

describe("a selector", () => {
  it("that fits a cluster has no problem", () => {
    expect(check({ region: "eu" })).toEqual([]);
  });

  it.each([
    [
      "that fits none is refused with the labels that there are",
      { region: "ap" },
      'select {"region":"ap"} fits no cluster; there are region: eu, us; tier: canary, early, late: correct it, or label a cluster',
    ],
    ["that is empty would be every cluster, and is refused", {}, "select is {}; give labels"],
    ["that is nothing is refused", null, "select is null; give labels"],
    ["with a number is refused", { region: 1 }, "select.region is 1; give a text, or a list of texts"],
    ["with an empty list is refused", { region: [] }, "select.region is []; give a text"],
  ])("%s", (_what, selector, problem) => {
    expect(check(selector)).toEqual([expect.stringContaining(problem)]);
  });

  it("is told when no cluster has labels", () => {
    expect(checkSelector("select", { a: "b" }, [{}])[0]).toContain("no cluster has labels");
  });
});
