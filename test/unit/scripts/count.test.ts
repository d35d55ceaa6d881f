import { describe, expect, it } from "vitest";
import { countTests, summaryLine } from "../../../scripts/test/count.ts";
import type { Report } from "../../../scripts/test/count.ts";

const file = (
  tier: string,
  statuses: readonly string[],
  status = "passed",
): Report["testResults"][number] => ({
  name: `/somewhere/test/${tier}/a.test.ts`,
  status,
  assertionResults: statuses.map((each, index) => ({ status: each, fullName: `promise ${index}` })),
});

describe("the count of a test run", () => {
  it("adds up what passed and what failed over all files", () => {
    const report = {
      testResults: [file("unit", ["passed", "passed"]), file("e2e", ["passed", "failed"], "failed")],
    };
    expect(countTests(report, ["unit", "e2e"])).toEqual({ passed: 3, failed: 1, skipped: 0, problems: [] });
  });

  it("counts a file that could not be loaded as a failure", () => {
    const counted = countTests({ testResults: [file("unit", ["passed"]), file("unit", [], "failed")] }, [
      "unit",
    ]);
    expect(counted.failed).toBe(1);
    expect(counted.problems).toHaveLength(1);
  });

  it("takes a tier that ran no test for a problem", () => {
    const counted = countTests({ testResults: [file("unit", ["passed"])] }, ["unit", "e2e"]);
    expect(counted.problems).toEqual(["no test of the tier e2e passed"]);
  });

  it("takes a skipped test for a problem, and says so in the last line", () => {
    const counted = countTests({ testResults: [file("unit", ["passed", "skipped"])] }, ["unit"]);
    expect(counted.problems).toEqual(["skipped: promise 1"]);
    expect(summaryLine(counted, counted.problems)).toBe("1 passed, 1 failed");
  });
});
