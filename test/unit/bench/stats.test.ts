import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exponent, median, percentile } from "../../bench/runner/stats.ts";

const times = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 50 });

describe("the statistics of a benchmark", () => {
  it("take the middle one of an odd number of times, and the mean of the two in the middle else", () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([9, 1, 5, 7])).toBe(6);
    expect(median([3])).toBe(3);
  });

  it("take the time that 9 of 10 runs stay below, between neighbours where it falls between them", () => {
    expect(percentile([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], 0.9)).toBe(10);
    expect(percentile([10, 20], 0.9)).toBeCloseTo(19);
  });

  it("refuse to make a figure of no run at all", () => {
    expect(() => median([])).toThrow("no percentile of nothing");
  });

  it("never leave the range of the times, do not depend on their order, and grow with the share", () => {
    fc.assert(
      fc.property(times, fc.double({ min: 0, max: 1, noNaN: true }), (values, share) => {
        const at = percentile(values, share);
        expect(at).toBeGreaterThanOrEqual(Math.min(...values));
        expect(at).toBeLessThanOrEqual(Math.max(...values));
        expect(percentile([...values].reverse(), share)).toBe(at);
        expect(percentile(values, 1)).toBeGreaterThanOrEqual(at);
      }),
    );
  });

  it("find the exponent with which a cost grows", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 3, noNaN: true }),
        fc.integer({ min: 1, max: 1000 }),
        fc.integer({ min: 2, max: 50 }),
        (power, size, times_) => {
          const cost = (of: number): number => 7 * of ** power;
          const [small, large] = [size, size * times_].map((of) => ({ size: of, cost: cost(of) }));
          expect(exponent(small!, large!)).toBeCloseTo(power, 6);
        },
      ),
    );
  });

  it("refuse an exponent of two equal sizes", () => {
    expect(() => exponent({ size: 5, cost: 1 }, { size: 5, cost: 2 })).toThrow("larger size");
  });
});
