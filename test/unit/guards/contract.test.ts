import { describe, expect, it } from "vitest";
import { forwardOnly, freeze, maxAge, maxPending, soak } from "../../../components/guards";
import type { Guard, GuardContext } from "../../../components/guards";
import { candidate, commits, context, NOW } from "./facts";

const BUILT_IN: readonly Guard[] = [
  maxPending({ warn: 8, block: 20 }),
  maxAge({ warn: "2d", block: "7d" }),
  freeze({ days: ["wed"] }),
  forwardOnly(),
  soak("24h"),
  {
    name: "noFixups",
    check: () => [],
    judge: ({ target }) =>
      target.changes.some(({ subject }) => subject.startsWith("fixup!"))
        ? [
            {
              guard: "noFixups",
              outcome: "block",
              sentence: "a fixup! commit is among the changes; squash it",
            },
          ]
        : [],
  },
];

/** Ends of what a guard may be given. */
const CONTEXTS: readonly GuardContext[] = [
  context(),
  context({ current: undefined }),
  context({ target: candidate({ changes: [] }) }),
  context({ target: candidate({ changes: commits(1000) }) }),
  context({ target: candidate({ changes: [{ kind: "settings", subject: "settings", time: undefined }] }) }),
  context({ target: candidate({ verifiedUpstream: undefined, relation: "unknown" }) }),
  context({ target: candidate({ verifiedUpstream: new Date(NOW.getTime() + 1000), relation: "diverged" }) }),
  context({ hold: { reason: "INC-1" } }),
];

describe.each(BUILT_IN)("the guard $name honours the contract", (guard) => {
  it("has nothing against its own arguments", () => {
    expect(guard.check({ from: "staging" })).toEqual([]);
  });

  it("says the same of the same facts, and changes none of them", () => {
    for (const facts of CONTEXTS) {
      const before = structuredClone(facts);
      expect(guard.judge(facts)).toEqual(guard.judge(structuredClone(facts)));
      expect(facts).toEqual(before);
    }
  });

  it("signs each verdict with its name, in one line that says what to do unless it passes", () => {
    for (const { guard: name, outcome, sentence } of CONTEXTS.flatMap((facts) => guard.judge(facts))) {
      expect(name).toBe(guard.name);
      expect(["pass", "warn", "block"]).toContain(outcome);
      expect(sentence).toMatch(outcome === "pass" ? /^\S.*$/ : /^\S.*; \S.*$/);
      expect(sentence).not.toMatch(/undefined|NaN|Infinity|Invalid/);
    }
  });
});
