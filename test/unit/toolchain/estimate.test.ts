import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  buildsAtOnce,
  MAX_BUILDS,
  sayDuration,
  sayGuess,
  secondsLeft,
} from "../../../sandbox/toolchain/estimate.ts";

describe("how many parts are built at once", () => {
  it.each([
    [2, 22, 2],
    [2, 11, 1],
    [2, 3, 1],
    [1, 64, 1],
    [64, 256, MAX_BUILDS],
    [8, 20, 3],
  ])("%i cores and %i GiB: %i", (cores, gib, expected) => {
    expect(buildsAtOnce(cores, gib)).toBe(expected);
  });
});

const timing = fc
  .record({
    coldSeconds: fc.integer({ min: 1, max: 500 }),
    started: fc.option(fc.nat(1000)),
    took: fc.option(fc.nat(1000)),
  })
  .map(({ coldSeconds, started, took }) => ({
    coldSeconds,
    ...(started === null ? {} : { started }),
    ...(started === null || took === null ? {} : { ended: started + took }),
  }));

describe("the guess at what is left", () => {
  it("is the sum of the cold times before anything started", () => {
    expect(secondsLeft([{ coldSeconds: 100 }, { coldSeconds: 50 }], 0)).toBe(150);
  });

  it("gets less by the time that a running step has used", () => {
    expect(secondsLeft([{ coldSeconds: 100, started: 0 }, { coldSeconds: 50 }], 40)).toBe(110);
  });

  it("counts two steps that run at once as one step's worth of time", () => {
    const both = [
      { coldSeconds: 100, started: 0 },
      { coldSeconds: 100, started: 0 },
    ];
    expect(secondsLeft(both, 40)).toBe(160);
  });

  it("follows the pace of this machine once a step is done", () => {
    const steps = [{ coldSeconds: 100, started: 0, ended: 50 }, { coldSeconds: 200 }];
    expect(secondsLeft(steps, 50)).toBe(100);
  });

  it("never reaches zero while a step runs, however long it takes", () => {
    expect(secondsLeft([{ coldSeconds: 100, started: 0 }], 100_000)).toBeGreaterThan(0);
  });

  it("is zero when all is done, and never negative or without bound", () => {
    expect(secondsLeft([{ coldSeconds: 100, started: 0, ended: 90 }], 90)).toBe(0);
    fc.assert(
      fc.property(fc.array(timing), fc.integer({ min: 2000, max: 5000 }), (steps, now) => {
        const left = secondsLeft(steps, now);
        const cold = steps.reduce((sum, step) => sum + step.coldSeconds, 0);
        expect(left).toBeGreaterThanOrEqual(-1e-9);
        expect(left).toBeLessThanOrEqual(cold * 5 + 1e-9);
      }),
    );
  });
});

describe("times in words", () => {
  it.each([
    [0, "0 s"],
    [59.4, "59 s"],
    [60, "1 min"],
    [230, "3 min 50 s"],
  ])("%d seconds: %s", (seconds, said) => {
    expect(sayDuration(seconds)).toBe(said);
  });

  it.each([
    [0, "about 10 s"],
    [41, "about 50 s"],
    [61, "about 2 min"],
    [1446, "about 25 min"],
  ])("a guess of %d seconds: %s", (seconds, said) => {
    expect(sayGuess(seconds)).toBe(said);
  });
});
