import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TRIED } from "../../../components/history/deployments";
import { metricsOf, openMetrics, timesOf } from "../../../components/metrics";
import type { DeploymentWithChanges, Metrics } from "../../../components/metrics";

const DAY = 24;
const START = Date.parse("2026-11-01T00:00:00Z");
const at = (hours: number): Date => new Date(START + hours * 3_600_000);
const window = { from: at(0), to: at(10 * DAY) };

function deployment(release: string, begun: number, verified?: number): DeploymentWithChanges {
  return {
    ...{ release, sourceCommit: undefined, begun: at(begun), clusters: ["eu"], isRollback: false },
    ...{ verified: verified === undefined ? undefined : at(verified), override: undefined, changes: [] },
    outcome: verified === undefined ? "failed" : "verified",
  };
}
const back = (release: string, begun: number, verified: number): DeploymentWithChanges => {
  return { ...deployment(release, begun, verified), isRollback: true };
};
const metrics = (
  deployments: readonly DeploymentWithChanges[],
  failedUpdates?: { release: string; ended: Date }[],
): Metrics => metricsOf({ environment: "prod", deployments, failedUpdates, window });

describe("the metrics of a known history", () => {
  const r1 = { ...deployment("r1", 10, 11), changes: [{ committed: at(1) }, { committed: at(9) }] };
  const r4 = { ...deployment("r4", 60, 62), changes: [{ committed: at(58) }] };
  const history = [
    r1,
    deployment("r2", 20), // failed, and taken back
    back("r1", 22, 23),
    deployment("r3", 40, 41), // verified, and taken back all the same
    back("r1", 44, 45),
    r4,
  ];

  it("are what the definitions say", () => {
    expect(metrics(history)).toEqual({
      ...{ environment: "prod", ...window, deployments: 5, deploymentsPerDay: 0.5 },
      leadTime: { count: 2, medianSeconds: 4 * 3600, p90Seconds: 10 * 3600 },
      ...{ changes: 4, failures: 2, changeFailureRate: 0.5, failedUpdates: undefined },
      timeToRestore: { count: 2, medianSeconds: 3 * 3600, p90Seconds: 5 * 3600 },
    });
  });

  it("count a deployment whose gate failed first as a failure that it restored itself", () => {
    const failed = [{ release: "r4", ended: at(61) }];
    const { failures, timeToRestore, failedUpdates } = metrics([r1, r4], failed);
    expect([failures, timeToRestore.medianSeconds, failedUpdates]).toEqual([1, 2 * 3600, 1]);
    // Once it was verified, what fails is no failure of it.
    expect(metrics([r1, r4], [{ release: "r4", ended: at(62) }])).toMatchObject({
      failures: 0,
      failedUpdates: 1,
    });
  });

  it("leave out what was only tried", () => {
    const tried = { ...deployment("r2", 30), override: TRIED };
    expect(metrics([r1, tried, r4])).toEqual(metrics([r1, r4]));
  });

  it("leave out what is outside the window, and what is still under way", () => {
    const open: DeploymentWithChanges = { ...deployment("r9", 200), outcome: "open" };
    const { deployments, changes } = metrics([deployment("r0", -5, -4), deployment("r5", 250, 251), open]);
    expect([deployments, changes]).toEqual([0, 0]);
    const [first, last] = [deployment("r1", -1, 0), deployment("r2", 239, 240)];
    expect([metrics([first]).deployments, metrics([last]).deployments]).toEqual([0, 1]);
  });

  it("are no number where there is nothing to divide by", () => {
    const none = metrics([]);
    expect(none.changeFailureRate).toBeUndefined();
    expect(none.leadTime).toEqual({ count: 0, medianSeconds: undefined, p90Seconds: undefined });
  });
});

describe("the arithmetic", () => {
  it("gives shares between 0 and 1, lengths that are not negative, and no more failures than changes", () => {
    const step = fc.tuple(
      fc.integer({ min: 1, max: 9 }),
      fc.option(fc.nat(9), { nil: undefined }),
      fc.boolean(),
    );
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        let clock = 0;
        const list = steps.map(([gap, took, isBack], index) => {
          clock += gap;
          const begun = clock;
          clock += took ?? 0;
          const changes = [{ committed: at(begun - gap) }];
          const verified = took === undefined ? undefined : clock;
          return { ...deployment(`r${index}`, begun, verified), isRollback: isBack, changes };
        });
        const found = metrics(list);
        expect(found.failures).toBeLessThanOrEqual(found.changes);
        expect(found.timeToRestore.count).toBeLessThanOrEqual(found.failures);
        expect(found.changeFailureRate ?? 0).toBeLessThanOrEqual(1);
        for (const times of [found.leadTime, found.timeToRestore]) {
          expect(times.medianSeconds ?? 0).toBeGreaterThanOrEqual(0);
          expect(times.p90Seconds ?? 0).toBeGreaterThanOrEqual(times.medianSeconds ?? 0);
        }
      }),
    );
  });

  it("takes percentiles that are among the lengths, whatever their order", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_000_000), { minLength: 1 }), (lengths) => {
        const { medianSeconds, p90Seconds } = timesOf(lengths);
        expect(lengths.map((ms) => ms / 1000)).toEqual(expect.arrayContaining([medianSeconds, p90Seconds]));
        const share = (limit: number): number =>
          lengths.filter((ms) => ms / 1000 <= limit).length / lengths.length;
        expect(share(medianSeconds!)).toBeGreaterThanOrEqual(0.5);
        expect(share(p90Seconds!)).toBeGreaterThanOrEqual(0.9);
        expect(timesOf(lengths.toReversed())).toEqual(timesOf(lengths));
      }),
    );
  });
});

describe("OpenMetrics", () => {
  it("has a type and a help for each family, then its samples, and ends as the format wants", () => {
    const text = openMetrics("shop", [metrics([]), { ...metrics([]), environment: 'a"b\\c\nd' }]);
    const lines = text.split("\n");
    expect(lines.at(-1)).toBe("# EOF");
    expect(lines.filter((line) => line.startsWith("# TYPE"))).toHaveLength(6);
    expect(text).toContain('delivery_deployments{app="shop",environment="prod"} 0');
    expect(text).toContain('environment="a\\"b\\\\c\\nd"');
    expect(text).not.toMatch(/undefined|NaN/);
    for (const line of lines)
      expect(line).toMatch(/^(# (TYPE|UNIT|HELP|EOF)|delivery_\w+\{[^\n]*\} [\d.]+$)/);
  });
});
