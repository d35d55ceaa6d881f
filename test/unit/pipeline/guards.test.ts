import { describe, expect, it } from "vitest";
import { forwardOnly, maxAge, maxPending, soak } from "../../../components/guards";
import type { Guard } from "../../../components/guards";
import { Mistake } from "../../../components/mistake";
import { definePipeline } from "../../../components/pipeline/define";
import { example } from "./example";

const ledger = { repository: "https://github.com/acme/deploy.git" };

function define(guards: readonly Guard[], change: object = { ledger }): ReturnType<typeof definePipeline> {
  const environments = { ...example.environments, dev: { ...example.environments.dev!, guards } };
  return definePipeline({ ...example, environments, ...change });
}

function problemsOf(program: () => unknown): readonly string[] {
  try {
    program();
  } catch (error) {
    if (error instanceof Mistake) return error.problems;
    throw error;
  }
  return [];
}

describe("the guards of an environment", () => {
  it("are none unless they are named", () => {
    const { environments } = definePipeline(example);
    expect(Object.values(environments).map(({ guards }) => guards)).toEqual([[], [], []]);
    const guards = [maxPending({ warn: 8 }), forwardOnly()];
    expect(define(guards).environments.dev!.guards).toEqual(guards);
  });

  it("need the ledger, which tells what runs there", () => {
    expect(problemsOf(() => define([forwardOnly()], {}))).toEqual([
      "environments.dev.guards: the ledger tells what runs there, and the pipeline has none; add ledger, or remove the guards",
    ]);
  });

  it("are checked with their place, all at once", () => {
    const guards = [maxPending({ block: 0 }), maxPending({ block: 1 }), maxAge({}), soak("1h")];
    expect(problemsOf(() => define(guards))).toEqual([
      'environments.dev.guards: two are named "maxPending"; keep one',
      "environments.dev.guards: maxPending.block is 0; give a whole number, 1 or more",
      'environments.dev.guards: maxAge has no limit; give "warn", "block" or both',
      'environments.dev.guards: soak has nothing to wait for: releases come from "build", where none runs; remove it',
    ]);
  });
});
