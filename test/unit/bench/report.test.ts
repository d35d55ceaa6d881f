import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Finding, Target } from "../../bench/contract.ts";
import { resultsChart, resultLine, targetText, toResult, writeResults } from "../../bench/report/index.ts";
import type { Result } from "../../bench/report/index.ts";

const VERSIONS = { node: "24.0.0" };
const summary = (median: number): NonNullable<Finding["timed"]>["ours"] => {
  return { median, p90: median * 2, runs: 10, peakMiB: 100 };
};

function finding(ours: number, peer: number, target?: Target, quiet = true): Finding {
  const control = { moved: quiet ? 0.02 : 0.48, quiet };
  const timed = { ours: summary(ours), peer: summary(peer), control };
  const head = { metric: "render", unit: "ms", ours, peer, peerName: "floor", timed };
  return target === undefined ? head : { ...head, target };
}

const target = (of: Target["of"], is: Target["is"], value: number): Target => ({ of, is, value });
const result = (id: string, ...given: Parameters<typeof finding>): Result =>
  toResult(id, finding(...given), VERSIONS);

describe("a result", () => {
  it.each([
    ["slower", "at most", 1.5, 149, 100, true],
    ["slower", "at most", 1.5, 151, 100, false],
    ["faster", "at least", 5, 20, 100, true],
    ["faster", "at least", 5, 21, 100, false],
    ["more", "at most", 10, 110, 100, true],
    ["more", "at most", 10, 111, 100, false],
    ["ours", "at most", 1.1, 1.2, 1, false],
    ["ours", "exactly", 0, 0, 0, true],
    ["ours", "exactly", 0, 1, 0, false],
  ] as const)("%s, %s %d: %d for %d holds is %s", (...[of, is, value, ours, peer, expected]) => {
    expect(result("B1", ours, peer, target(of, is, value)).holds).toBe(expected);
  });

  it("has the ratio that its target looks at", () => {
    expect(result("B1", 50, 100).ratio).toBe(0.5);
    expect(result("B1", 50, 100, target("faster", "at least", 2)).ratio).toBe(2);
    expect(result("B1", 50, 100, target("more", "at most", 2)).ratio).toBe(-50);
  });

  it("names its target as people write it", () => {
    expect(targetText(target("slower", "at most", 1.5))).toBe("≤ 1.5 ×");
    expect(targetText(target("faster", "at least", 5))).toBe("≥ 5 × better");
    expect(targetText({ ...target("more", "at most", 10), unit: "MiB" })).toBe("≤ +10 MiB");
    expect(targetText(target("ours", "exactly", 0))).toBe("= 0");
    expect(targetText(undefined)).toBe("");
  });

  it("is one line, which says when it missed and when the machine was not quiet", () => {
    const line = resultLine(result("B1", 200, 100, target("slower", "at most", 1.5), false));
    expect(line).toBe("B1  render: ours 200 ms, floor 100 ms  2 (≤ 1.5 ×) MISSED  void: control moved 48 %");
    expect(resultLine(result("B1", 200, 100))).toBe("B1  render: ours 200 ms, floor 100 ms");
  });
});

describe("the files of a run", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "bench-report-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const read = (name: string): string => readFileSync(join(folder, name), "utf8");

  it("keep the rows that were not run, replace those that were, and are in order of the rows", () => {
    writeResults(folder, [result("B10", 1, 1), result("B1", 7, 1), result("B1", 8, 1)]);
    writeResults(folder, [result("B2", 2, 1), result("B1", 3, 1)]);
    const kept = JSON.parse(read("results.json")) as Result[];
    expect(kept.map(({ id, ours }) => [id, ours])).toEqual([
      ["B1", 3],
      ["B2", 2],
      ["B10", 1],
    ]);
  });

  it("have every field of the list that others read", () => {
    writeResults(folder, [result("B1", 50, 100, target("faster", "at least", 2))]);
    expect(JSON.parse(read("results.json"))).toMatchObject([
      {
        ...{ id: "B1", metric: "render", ours: 50, peer: 100, peerName: "floor", ratio: 2 },
        ...{ target: "≥ 2 × better", holds: true, versions: VERSIONS },
      },
    ]);
  });

  it("show what was missed, what came from a loaded machine, and which versions took part", () => {
    writeResults(folder, [result("B1", 200, 100, target("slower", "at most", 1.5), false)]);
    const text = read("RESULTS.md");
    expect(text).toContain(
      "| B1 | render | 200 ms | floor: 100 ms | 2 | ≤ 1.5 × | **no** | 10 | 400 / 200 |",
    );
    expect(text).toContain("loaded: 48 %");
    expect(text).toContain("1 of 1 lines come from a loaded machine");
    expect(text).toContain("Versions: node 24.0.0.");
  });
});

describe("the chart", () => {
  it("has a bar for each target, and none for a figure that has nothing to meet", () => {
    const chart = resultsChart([
      result("B1", 1, 10, target("faster", "at least", 5)),
      result("B2", 9, 10, target("faster", "at least", 5)),
      result("B3", 1, 1),
    ]);
    expect(chart.match(/<rect x=/g)).toHaveLength(2);
    expect(chart).toContain("B1 render");
    expect(chart).not.toContain("B3 render");
    expect(chart.match(/#c62828/g)).toHaveLength(1);
  });

  it("keeps what breaks out of its axis inside, and texts from being markup", () => {
    const wild = { ...finding(0, 100, target("faster", "at least", 5)), metric: "a < b & c" };
    const chart = resultsChart([toResult("B1", wild, VERSIONS)]);
    expect(chart).toContain("a &lt; b &amp; c");
    expect(chart).not.toMatch(/NaN|Infinity/);
  });
});
