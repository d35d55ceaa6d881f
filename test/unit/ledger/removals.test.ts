import { describe, expect, it } from "vitest";
import { removalProblems } from "../../../components/ledger/publish/removals";

describe("files that would be removed", () => {
  const present = ["a", "b", "c", "d"].map((name) => `clusters/eu/${name}`);
  const without = (kept: readonly string[], there = present, folders = ["clusters/eu"]): string[] =>
    removalProblems(new Set(kept), there, folders);

  it("may be up to half of those that are there, and what is new counts for nothing", () => {
    const two = present.slice(0, 2);
    const added = ["clusters/eu/x", "clusters/eu/y"];
    for (const kept of [present, two, [...two, ...added]]) expect(without(kept)).toEqual([]);
    expect(without([], [])).toEqual([]);
  });

  it("are named when they are more, with what to say if that is meant", () => {
    expect(without(["clusters/eu/a", "clusters/eu/x", "clusters/eu/y"])).toEqual([
      '3 of 4 files would be removed from "clusters/eu" ("clusters/eu/b", "clusters/eu/c", "clusters/eu/d"); ' +
        'if that is meant, say so with allow: ["removals"]',
    ]);
    expect(without([])).toEqual([expect.stringContaining('"clusters/eu/c", …)')]);
  });

  it("are counted in each folder, so that one cluster of many does not lose all of it unseen", () => {
    const all = ["eu", "us", "asia"].flatMap((cluster) => present.map((path) => path.replace("eu", cluster)));
    const kept = all.filter((path) => !path.startsWith("clusters/us/"));
    expect(without(kept, all, ["clusters/eu", "clusters/us", "clusters/asia"])).toEqual([
      expect.stringMatching(/^4 of 4 files would be removed from "clusters\/us" /),
    ]);
    expect(without(kept, all, ["clusters/eu", "clusters/asia"])).toEqual([]);
  });
});
