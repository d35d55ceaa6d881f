import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ageMs, ageText, forwardOnly, freeze, maxAge, maxPending, soak } from "../../../components/guards";
import type { Age, Guard, GuardContext, Outcome } from "../../../components/guards";
import { NOW, ago, candidate, commits, context } from "./facts";

function outcome(guard: Guard, facts: Partial<GuardContext>): Outcome | undefined {
  return guard.judge(context(facts))[0]?.outcome;
}
const sentence = (guard: Guard, facts: Partial<GuardContext> = {}): string =>
  guard.judge(context(facts))[0]!.sentence;

describe("maxPending", () => {
  it("passes up to its limits, and not one change further", () => {
    fc.assert(
      fc.property(fc.nat(60), fc.integer({ min: 1, max: 30 }), fc.nat(30), (count, warn, more) => {
        const limits = { warn, block: warn + more };
        const above = count > limits.block ? "block" : "warn";
        const found = outcome(maxPending(limits), { target: candidate({ changes: commits(count) }) });
        expect(found).toBe(count > warn ? above : "pass");
      }),
    );
  });

  it("says how many there are and what the limit is", () => {
    const target = candidate({ changes: commits(21) });
    expect(sentence(maxPending({ block: 20 }), { target })).toBe(
      "21 changes at once, above 20 (block); promote less, or override it with a reason",
    );
  });

  it.each([
    [{}, 'maxPending has no limit; give "warn", "block" or both'],
    [{ warn: 0 }, "maxPending.warn is 0; give a whole number, 1 or more"],
    [{ warn: 9, block: 8 }, "maxPending.warn is 9, above its block 8; it may be that much at most"],
  ])("refuses %j", (limits, problem) => {
    expect(maxPending(limits).check({ from: "dev" })).toEqual([problem]);
  });
});

describe("maxAge", () => {
  it("judges by the oldest change", () => {
    const guard = maxAge({ warn: "2h", block: "1d" });
    expect(outcome(guard, { target: candidate({ changes: commits(2) }) })).toBe("pass");
    expect(outcome(guard, { target: candidate({ changes: commits(3) }) })).toBe("warn");
    expect(outcome(guard, { target: candidate({ changes: commits(25) }) })).toBe("block");
  });

  it("takes a change from a clock that goes ahead for a new one", () => {
    const [change] = commits(1);
    const target = candidate({ changes: [{ ...change!, time: ago(-5) }] });
    expect(sentence(maxAge({ block: "1d" }), { target })).toBe("the changes are new");
  });

  it("refuses an age that is none", () => {
    expect(maxAge({ warn: "2w" as Age, block: "0d" }).check({ from: "dev" })).toHaveLength(2);
  });
});

describe("forwardOnly", () => {
  it.each([
    ["ahead", "pass"],
    ["same", "pass"],
    ["behind", "block"],
    ["diverged", "block"],
    ["unknown", "block"],
  ] as const)("lets a target that is %s: %s", (relation, expected) => {
    expect(outcome(forwardOnly(), { target: candidate({ relation }) })).toBe(expected);
  });

  it("has nothing to say of the first deployment", () => {
    expect(outcome(forwardOnly(), { current: undefined })).toBeUndefined();
  });
});

describe("soak", () => {
  it("blocks until the time is over, and says when that is", () => {
    expect(outcome(soak("48h"), {})).toBe("pass");
    expect(sentence(soak("3d"))).toBe("verified in staging for 2 d of 3d; wait until 2026-11-26T12:00Z");
    const fresh = { target: candidate({ verifiedUpstream: new Date(NOW.getTime() - 1) }) };
    expect(sentence(soak("10m"), fresh)).toBe(
      "just verified in staging, and it has to be for 10m; wait until 2026-11-25T12:10Z",
    );
    expect(outcome(soak("1m"), { target: candidate({ verifiedUpstream: undefined }) })).toBe("block");
  });

  it("is refused where nothing runs before", () => {
    expect(soak("24h").check({ from: "build" })[0]).toContain("nothing to wait for");
  });
});

describe("freeze", () => {
  const at = (args: Parameters<typeof freeze>[0], now: string): Outcome =>
    outcome(freeze(args), { now: new Date(now) })!;
  const friday = { days: ["fri"], hours: "16:00-24:00", timeZone: "Europe/Berlin" };

  it("goes by the clocks of its place, summer and winter", () => {
    expect(at(friday, "2026-11-27T14:59:00Z")).toBe("pass");
    expect(at(friday, "2026-11-27T15:00:00Z")).toBe("block");
    expect(at(friday, "2026-07-03T13:59:00Z")).toBe("pass");
    expect(at(friday, "2026-07-03T14:00:00Z")).toBe("block");
    expect(at(friday, "2026-11-27T23:00:00Z")).toBe("pass");
  });

  it("counts a night to the day on which it begins", () => {
    const night = { days: ["fri"], hours: "22:00-06:00" };
    expect(at(night, "2026-11-28T05:59:00Z")).toBe("block");
    expect(at(night, "2026-11-28T06:00:00Z")).toBe("pass");
    expect(at(night, "2026-11-27T05:00:00Z")).toBe("pass");
  });

  it("holds for ranges of dates, but not on days that it excepts", () => {
    const holidays = { days: ["2026-12-24..2027-01-02"], except: ["2026-12-28"] };
    expect(at(holidays, "2026-12-24T00:00:00Z")).toBe("block");
    expect(at(holidays, "2026-12-28T12:00:00Z")).toBe("pass");
    expect(at(holidays, "2027-01-02T23:59:59Z")).toBe("block");
    expect(at(holidays, "2027-01-03T00:00:00Z")).toBe("pass");
  });

  it("says when it ends, to the minute", () => {
    expect(sentence(freeze(friday), { now: new Date("2026-11-27T15:20:11Z") })).toBe(
      "frozen: it is 2026-11-27 16:20 in Europe/Berlin; wait until 2026-11-28 00:00, or override it with a reason",
    );
    const odd = freeze({ hours: "08:17-09:43" });
    expect(sentence(odd, { now: new Date("2026-11-27T08:30:00Z") })).toContain(
      "wait until 2026-11-27 09:43,",
    );
  });

  it.each([
    [{}, "would hold at any time"],
    [{ days: [] }, "freeze.days is empty"],
    [{ days: ["Friday"] }, 'freeze.days has "Friday"'],
    [{ days: ["2026-02-30"] }, 'freeze.days has "2026-02-30"'],
    [{ days: ["2026-12-24..2026-12-01"] }, "freeze.days has"],
    [{ hours: "16-18" }, 'freeze.hours is "16-18"'],
    [{ hours: "25:00-26:00" }, "freeze.hours is"],
    [{ hours: "08:00-09:00", timeZone: "Berlin" }, 'freeze.timeZone is "Berlin"'],
    [{ days: ["fri"], except: ["x"] }, 'freeze.except has "x"'],
  ])("refuses %j", (args, problem) => {
    const problems = freeze(args).check({ from: "dev" });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });
});

describe("an age", () => {
  it("is read in minutes, hours and days", () => {
    expect([ageMs("30m"), ageMs("24h"), ageMs("1.5d")]).toEqual([1_800_000, 86_400_000, 129_600_000]);
  });

  it("is told in its two largest units", () => {
    const told = [0, 59_999, 60_000, 3_600_000, 3_660_000, 86_400_000, 97_200_000].map(ageText);
    expect(told).toEqual(["now", "now", "1 min", "1 h", "1 h 1 min", "1 d", "1 d 3 h"]);
  });
});
