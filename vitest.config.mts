import { defineConfig } from "vitest/config";
import { BaseSequencer } from "vitest/node";
import type { TestSpecification } from "vitest/node";

/** Files that take minutes. Begun last, one of them would keep the others' workers waiting for its end. */
const LONGEST = [
  ...["pull/fleet", "image/cut", "pull/flux", "pull/agent", "pull/github", "push/clusters"],
  ...["ledger/engine", "sandbox/demo", "push/gates"],
  ...["cli/way", "cli/ci/hosts"],
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification): boolean =>
      LONGEST.some((name) => moduleId.endsWith(`/e2e/${name}.test.ts`));
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

/** Vitest itself has little to do and would leave it one core: on a machine of two the tests would go one by one. */
const EVERY_CORE = { maxWorkers: "100%" };

const tier = (name: string, seconds: number, extra: object = {}): object => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout: seconds * 1000,
    hookTimeout: seconds * 1000,
    ...extra,
  },
});

/** Three tiers: pure functions, programs under the fake engine, and the real parts of the sandbox. */
export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      tier("unit", 20, EVERY_CORE),
      tier("integration", 30, EVERY_CORE),
      tier("e2e", 240, {
        maxWorkers: 3,
        sequence: { groupOrder: 1 },
        globalSetup: ["test/support/e2e-setup.ts"],
      }),
    ],
  },
});
