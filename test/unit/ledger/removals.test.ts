import { describe, expect, it } from "vitest";
import { removalProblem } from "../../../components/ledger/publish/inspect";

describe("files that would be removed", () => {
  const present = ["a", "b", "c", "d"];
  const kept = (...paths: readonly string[]): string | undefined => removalProblem(new Set(paths), present);

  it("may be up to half of those that are there, and what is new counts for nothing", () => {
    expect([kept(...present), kept("a", "b"), kept("a", "b", "x", "y")]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(removalProblem(new Set(), [])).toBeUndefined();
  });

  it("are named when they are more, with what to say if that is meant", () => {
    expect(kept("a", "x", "y", "z")).toBe(
      '3 of 4 files would be removed ("b", "c", "d"); if that is meant, say so with allow: ["removals"]',
    );
    expect(kept()).toContain('4 of 4 files would be removed ("a", "b", "c", …)');
  });
});
