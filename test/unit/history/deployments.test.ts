import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deploymentsOf, isWayBack, verifiedTimes } from "../../../components/history";
import { TRIED } from "../../../components/history/deployments";
import type { Deployment } from "../../../components/history";
import type { LedgerEntry } from "../../../components/ledger";
import { at, byHand, told, verified } from "./entries";

/** From entries in the order in which they were made. */
const deployments = (...entries: readonly LedgerEntry[]): Deployment[] =>
  deploymentsOf(entries.toReversed()).toReversed();
const outline = (list: readonly Deployment[]): string[] =>
  list.map(({ release, outcome, isRollback }) => `${release} ${outcome}${isRollback ? " back" : ""}`);

describe("the deployments of a ledger", () => {
  it("are one for all waves of a release, from the first commit to the mark", () => {
    const [only, ...more] = deployments(told(0, "r1", "eu"), told(5, "r1", "us", "asia"), verified(9, "r1"));
    expect(more).toEqual([]);
    expect(only).toMatchObject({
      begun: at(0),
      verified: at(9),
      outcome: "verified",
      clusters: ["eu", "us", "asia"],
      sourceCommit: "r1".repeat(20),
    });
  });

  it("have failed when another one followed before the mark, and are open at the end", () => {
    const list = deployments(
      ...[told(0, "r1", "eu"), verified(1, "r1"), told(2, "r2", "eu"), told(3, "r3", "eu")],
    );
    expect(outline(list)).toEqual(["r1 verified", "r2 failed", "r3 open"]);
  });

  it("are a way back when the release was verified before another one", () => {
    const list = deployments(
      ...[
        told(0, "r1", "eu"),
        verified(1, "r1"),
        told(2, "r2", "eu"),
        told(3, "r1", "eu"),
        verified(4, "r1"),
      ],
    );
    expect(outline(list)).toEqual(["r1 verified", "r2 failed", "r1 verified back"]);
    expect(verifiedTimes(list.toReversed(), "r1")).toEqual({ first: at(1), last: at(4) });
  });

  it("are not verified by what was only tried, on one cluster, whatever the mark says", () => {
    const tried = { ...told(2, "r2", "eu"), override: TRIED };
    const list = deployments(
      ...[told(0, "r1", "eu", "us"), verified(1, "r1"), tried, verified(3, "r2"), told(4, "r1", "eu")],
    );
    expect(outline(list)).toEqual(["r1 verified", "r2 failed", "r1 open back"]);
    expect(verifiedTimes(list.toReversed(), "r2")).toBeUndefined();
  });

  it("are two when the same release is told again with other settings, and none of them a way back", () => {
    const list = deployments(told(0, "r1", "eu"), verified(1, "r1"), told(2, "r1", "eu"), verified(3, "r1"));
    expect(outline(list)).toEqual(["r1 verified", "r1 verified"]);
  });

  it("are two when a cluster is told again before the mark, as with a pin that was lifted", () => {
    const list = deployments(
      told(0, "r1", "eu"),
      told(1, "r1", "us"),
      told(2, "r1", "eu"),
      verified(3, "r1"),
    );
    expect(outline(list)).toEqual(["r1 failed", "r1 verified"]);
    expect(list.map(({ clusters }) => clusters)).toEqual([["eu", "us"], ["eu"]]);
  });

  it("leave out edits by hand, and marks of something else", () => {
    const list = deployments(
      ...[verified(0, "r0"), told(1, "r1", "eu"), byHand(2, "us"), verified(3, "r9"), told(4, "r1", "us")],
    );
    expect(outline(list)).toEqual(["r1 open"]);
    expect(list[0]!.clusters).toEqual(["eu", "us"]);
  });

  it("have at most one that is open, the newest, whatever was told", () => {
    const release = fc.constantFrom("r1", "r2", "r3");
    const step = fc.tuple(fc.constantFrom("told", "verified", "hand"), release, fc.constantFrom("eu", "us"));
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const made = { told, verified, hand: (minutes: number) => byHand(minutes, "eu") };
        const entries = steps.map(([kind, id, cluster], index) =>
          made[kind as keyof typeof made](index, id, cluster),
        );
        const list = deploymentsOf(entries.toReversed());
        expect(list.slice(1).filter(({ outcome }) => outcome === "open")).toEqual([]);
        for (const { outcome, verified: mark, begun } of list) {
          expect(mark !== undefined).toBe(outcome === "verified");
          expect(mark === undefined || mark >= begun).toBe(true);
        }
      }),
    );
  });
});

describe("a mark after which some clusters had failed", () => {
  it("verifies nothing: the release is open until all have succeeded, or another one came", () => {
    const partial = { ...verified(1, "r1"), outcome: "partial" };
    expect(outline(deployments(told(0, "r1", "eu"), partial))).toEqual(["r1 open"]);
    expect(outline(deployments(told(0, "r1", "eu"), partial, verified(2, "r1")))).toEqual(["r1 verified"]);
    expect(outline(deployments(told(0, "r1", "eu"), partial, told(2, "r2", "eu")))).toEqual([
      "r1 failed",
      "r2 open",
    ]);
  });
});

describe("a way back", () => {
  const back = (release: string, ...oldestFirst: readonly LedgerEntry[]): boolean =>
    isWayBack(deploymentsOf(oldestFirst.toReversed()), release);
  const first = [told(0, "r1", "eu"), verified(1, "r1")];
  const second = [...first, told(2, "r2", "eu"), verified(3, "r2")];

  it("goes to a release that has succeeded here before another one came", () => {
    expect(back("r1", ...second)).toBe(true);
    expect(back("r1", ...first, told(2, "r2", "eu"))).toBe(true);
  });

  it("stays one while it is under way, and when it is run once more", () => {
    expect(back("r1", ...second, told(4, "r1", "eu"))).toBe(true);
    expect(back("r1", ...second, told(4, "r1", "eu"), verified(5, "r1"), told(6, "r1", "eu"))).toBe(true);
  });

  it("is none to a new release, to the one that runs, or to one that has never succeeded here", () => {
    expect(back("r3", ...second)).toBe(false);
    expect(back("r2", ...second)).toBe(false);
    expect(back("r1", ...first, told(2, "r1", "us"))).toBe(false);
    expect(back("r1", told(0, "r1", "eu"), told(2, "r2", "eu"), verified(3, "r2"))).toBe(false);
    expect(back("r1")).toBe(false);
  });
});
