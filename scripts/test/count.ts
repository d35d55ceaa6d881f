/** The tiers, from the quickest on: pure, fake engine, real parts. */
export const TIERS = ["unit", "integration", "e2e"] as const;
export type Tier = (typeof TIERS)[number];

/** What is read of the report that Vitest writes. */
export interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

export interface Counted {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Why the run counts as failed although no test did. */
  readonly problems: readonly string[];
}

/** Counts tests. A file that could not be loaded is one failed test; a skipped test, or a tier without any, a problem. */
export function countTests({ testResults }: Report, tiers: readonly Tier[]): Counted {
  const tests = testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map((test) => ({ ...test, name })),
  );
  const brokenFiles = testResults.filter(
    ({ status, assertionResults }) =>
      status === "failed" && assertionResults.every((test) => test.status !== "failed"),
  );
  const passed = tests.filter(({ status }) => status === "passed");
  const failed = tests.filter(({ status }) => status === "failed");
  const skipped = tests.filter(({ status }) => status !== "passed" && status !== "failed");
  const empty = tiers.filter((tier) => !passed.some(({ name }) => name.includes(`/test/${tier}/`)));
  const problems = [
    ...brokenFiles.map(({ name }) => `${name} did not run to its end`),
    ...skipped.map(({ fullName }) => `skipped: ${fullName}`),
    ...empty.map((tier) => `no test of the tier ${tier} passed`),
  ];
  return {
    passed: passed.length,
    failed: failed.length + brokenFiles.length,
    skipped: skipped.length,
    problems,
  };
}

/** The last line of a run. A problem counts as a failure, so that the line never says less than the exit code. */
export function summaryLine({ passed, failed }: Counted, problems: readonly string[]): string {
  return `${passed} passed, ${Math.max(failed, problems.length)} failed`;
}
