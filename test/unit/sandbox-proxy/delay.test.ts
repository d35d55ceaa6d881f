import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DelayLine } from "../../../sandbox/proxy/delay.ts";

/** Of adding up thousands of pieces, in milliseconds. */
const ROUNDING = 1e-3;
const chunks = fc.array(
  fc.record({
    bytes: fc.integer({ min: 1, max: 5_000 }),
    pause: fc.double({ min: 0, max: 500, noNaN: true }),
  }),
  { minLength: 1, maxLength: 20 },
);
const slowness = fc.record({
  latencyMs: fc.integer({ min: 0, max: 1_000 }),
  bytesPerSecond: fc.integer({ min: 100, max: 100_000 }),
});

describe("a slow line", () => {
  it("keeps every byte in its order, and lets none pass before its time at the given rate", () => {
    fc.assert(
      fc.property(chunks, slowness, (sent, slow) => {
        const line = new DelayLine();
        let now = 0;
        let passed = 0;
        let lastDue = 0;
        let inTime = true;
        for (const { bytes, pause } of sent) {
          now += pause;
          const data = Buffer.alloc(bytes, passed);
          const pieces = line.schedule(data, now, slow);
          expect(Buffer.concat(pieces.map((piece) => piece.data))).toEqual(data);
          for (const piece of pieces) {
            passed += piece.data.length;
            const earliest = sent[0]!.pause + (passed / slow.bytesPerSecond) * 1000 + slow.latencyMs;
            inTime &&=
              piece.due >= lastDue && piece.due + ROUNDING >= Math.max(now + slow.latencyMs, earliest);
            lastDue = piece.due;
          }
        }
        expect(inTime).toBe(true);
      }),
    );
  });

  it("does not save up time in which nothing was sent", () => {
    const line = new DelayLine();
    const slow = { bytesPerSecond: 100 };
    line.schedule(Buffer.alloc(100), 0, slow);
    const late = line.schedule(Buffer.alloc(100), 60_000, slow);
    expect(late.at(-1)?.due).toBeCloseTo(61_000);
  });

  it("adds latency once, not for each piece, as long as no rate is given", () => {
    const line = new DelayLine();
    const due = [0, 1, 2].flatMap((now) => line.schedule(Buffer.alloc(10), now, { latencyMs: 50 }));
    expect(due.map((piece) => piece.due)).toEqual([50, 51, 52]);
  });

  it("never lets data overtake what was sent while the line was slower", () => {
    const line = new DelayLine();
    const [slow] = line.schedule(Buffer.from("a"), 0, { latencyMs: 500 });
    const [fast] = line.schedule(Buffer.from("b"), 10, {});
    expect(fast!.due).toBeGreaterThanOrEqual(slow!.due);
  });
});
