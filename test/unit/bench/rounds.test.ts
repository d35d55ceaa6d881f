import { describe, expect, it } from "vitest";
import type { Contestant } from "../../bench/contract.ts";
import { CONTROL_LIMIT, ControlLoop } from "../../bench/runner/control.ts";
import { compareInRounds } from "../../bench/runner/rounds.ts";

/** A contestant whose runs take these times in turn, and who notes when it ran. */
function contestant(name: string, times: readonly number[], order: string[] = []): Contestant {
  let run = 0;
  return {
    name,
    async run() {
      order.push(name);
      return { ms: times[run++ % times.length]!, peakMiB: 10 + run };
    },
  };
}

/** A control loop that moves by these shares in turn: two looks a round. */
function moving(...shares: readonly number[]): { movement(): number } {
  let look = 0;
  return { movement: () => shares[look++ % shares.length]! };
}

const quiet = moving(0);

describe("the control loop", () => {
  it("says how much slower than at its best it was", () => {
    const times = [10, ...Array.from({ length: 7 }, () => 12), 8, 12];
    const loop = new ControlLoop(() => times.shift()!);
    expect(loop.movement()).toBe(0);
    expect(loop.movement()).toBeCloseTo(0.5);
  });
});

describe("a comparison in rounds", () => {
  it("lets the contestants run in turn, the first turn for the caches alone", async () => {
    const order: string[] = [];
    const both = [contestant("ours", [100, 1, 2, 3], order), contestant("peer", [100, 4, 5, 6], order)];
    const comparison = await compareInRounds(both, { runs: 3, warm: true }, quiet);
    expect(order).toEqual(Array.from({ length: 4 }, () => ["ours", "peer"]).flat());
    expect(comparison.of("ours")).toMatchObject({ median: 2, runs: 3 });
    expect(comparison.of("peer").median).toBe(5);
    expect(comparison.control).toEqual({ moved: 0, quiet: true });
  });

  it("voids the rounds around which the control loop moved too far, and makes others", async () => {
    const loop = moving(0, CONTROL_LIMIT * 2, 0, 0, CONTROL_LIMIT * 3, 0, 0, CONTROL_LIMIT);
    const ours = contestant("ours", [1000, 1, 2000, 2]);
    const comparison = await compareInRounds([ours], { runs: 2, warm: false }, loop);
    expect(comparison.of("ours")).toMatchObject({ median: 1.5, runs: 2 });
    expect(comparison.control).toEqual({ moved: CONTROL_LIMIT, quiet: true });
  });

  it("ends on a machine that is never quiet with the least disturbed rounds, and says so", async () => {
    const loop = moving(0.9, 0.9, 0.5, 0.5, 0.7, 0.7, 0.3, 0.3);
    const ours = contestant("ours", [1, 2, 3, 4, 5, 6]);
    const comparison = await compareInRounds([ours], { runs: 2, warm: false }, loop);
    expect(comparison.of("ours")).toMatchObject({ median: 3, runs: 2 });
    expect(comparison.control).toEqual({ moved: 0.5, quiet: false });
  });

  it("keeps the most memory of all rounds", async () => {
    const comparison = await compareInRounds([contestant("ours", [1])], { runs: 3, warm: false }, quiet);
    expect(comparison.of("ours").peakMiB).toBe(13);
  });

  it("knows nothing of a contestant that did not run", async () => {
    const comparison = await compareInRounds([contestant("ours", [1])], { runs: 1, warm: false }, quiet);
    expect(() => comparison.of("nobody")).toThrow("No contestant is called nobody");
  });
});
