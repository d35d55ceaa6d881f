import { defineConfig } from "vitest/config";

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
    projects: [
      tier("unit", 20),
      tier("integration", 30),
      tier("e2e", 240, {
        maxWorkers: 3,
        sequence: { groupOrder: 1 },
        globalSetup: ["test/support/e2e-setup.ts"],
      }),
    ],
  },
});
