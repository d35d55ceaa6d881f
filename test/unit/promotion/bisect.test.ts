import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { batchBetween, bisect, triesFor } from "../../../components/promotion";
import type { TryOutcome } from "../../../components/promotion";
import { deployment, id } from "../board/boards";

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe("halving a batch", () => {
  it("finds the first bad one in as few tries as halves need", async () => {
    const batch = fc
      .integer({ min: 1, max: 200 })
      .chain((count) => fc.tuple(fc.constant(count), fc.nat(count - 1)));
    await fc.assert(
      fc.asyncProperty(batch, async ([count, first]) => {
        const { bad, tried } = await bisect(upTo(count), async (item) => (item < first ? "good" : "bad"));
        expect(bad).toBe(first);
        expect(tried.length).toBeLessThanOrEqual(triesFor(count - 1));
        expect(new Set(tried.map(({ item }) => item)).size).toBe(tried.length);
      }),
    );
  });

  it("never names one before the last good one, whatever cannot be decided, and says who else it could be", async () => {
    const batch = fc.array(fc.boolean(), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(batch, fc.nat(), async (undecided, seed) => {
        const first = seed % undecided.length;
        const judged = (item: number): TryOutcome => (item < first ? "good" : "bad");
        const outcome = (item: number): TryOutcome => (undecided[item] ? "undecided" : judged(item));
        const { bad, suspects } = await bisect(upTo(undecided.length), async (item) => outcome(item));
        expect(bad).toBeGreaterThanOrEqual(first);
        expect(suspects).toEqual(upTo(bad).slice(bad - suspects.length));
        expect(bad - suspects.length).toBeLessThanOrEqual(first);
      }),
    );
  });

  it("tries nothing when there is one alone", async () => {
    const never = async (): Promise<TryOutcome> => Promise.reject(new Error("tried"));
    expect(await bisect(["only"], never)).toEqual({ bad: "only", tried: [], suspects: [] });
  });
});

describe("the batch of a bad release", () => {
  const open = { outcome: "failed", verified: undefined } as const;
  const upstream = [
    deployment(5, 1),
    deployment(4, 2),
    deployment(3, 3, open),
    deployment(2, 4),
    deployment(1, 5),
  ];

  it("is what the upstream has verified after the good one, up to the bad one, the oldest first", () => {
    expect(batchBetween(upstream, id(1), id(4))).toEqual([id(2), id(4)]);
    expect(batchBetween(upstream, id(4), id(5))).toEqual([id(5)]);
  });

  it("begins at the last time that the good one was there, and has each release once", () => {
    const history = [
      deployment(3, 1),
      deployment(2, 2),
      deployment(1, 3),
      deployment(2, 4),
      deployment(1, 5),
    ];
    expect(batchBetween(history, id(1), id(3))).toEqual([id(2), id(3)]);
    const twice = [deployment(3, 1), deployment(2, 2), deployment(4, 3), deployment(2, 4), deployment(1, 5)];
    expect(batchBetween(twice, id(1), id(3))).toEqual([id(2), id(4), id(3)]);
  });

  it("is not known when one of both is not there, or they are the wrong way round", () => {
    expect(batchBetween(upstream, id(4), id(1))).toBeUndefined();
    expect(batchBetween(upstream, id(1), id(9))).toBeUndefined();
    expect(batchBetween(upstream, id(3), id(4))).toBeUndefined();
  });
});
