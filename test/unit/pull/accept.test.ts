import { describe, expect, it } from "vitest";
import { accepted } from "../../../components/pull/sync/accept";
import type { SyncGateInputs } from "../../../components/pull/sync/inputs";
import type { SyncOutcome } from "../../../components/pull/sync/judge";

const BASE = { release: "shop-1", cluster: "eu", required: false } as const;
const outcome = (result: SyncOutcome["result"], more: Partial<SyncOutcome> = {}): SyncOutcome => ({
  ...{ result, message: "words", applied: "" },
  ...more,
});
const said = (more: Partial<SyncGateInputs>, of: SyncOutcome): string => {
  try {
    return accepted({ ...BASE, ...more }, of);
  } catch (error) {
    return (error as Error).message;
  }
};
const REFUSED = 'shop-1 is not live in cluster "eu"';

describe("how a delivery by an agent ended", () => {
  it("is well when it is live, whatever comes after it", () => {
    expect(said({ required: true }, outcome("live"))).toBe("live");
  });

  it.each(["failed", "timeout"] as const)("is an error when it is %s, in every wave", (result) => {
    for (const required of [true, false])
      expect(said({ required, onUnreachable: "skip" }, outcome(result))).toContain(REFUSED);
  });

  it.each(["superseded", "publishedNotVerified", "proposed"] as const)(
    "is an error before another wave when it is %s, and none in the last one",
    (result) => {
      expect(said({ required: true }, outcome(result))).toContain(REFUSED);
      expect(said({}, outcome(result))).toBe(result);
    },
  );

  it("follows onUnreachable where the cluster could not be asked, in whichever wave it is", () => {
    const unreachable = outcome("publishedNotVerified", { isUnreachable: true });
    expect(said({ required: true, onUnreachable: "skip" }, unreachable)).toBe("publishedNotVerified");
    expect(said({ onUnreachable: "fail" }, unreachable)).toContain(REFUSED);
    expect(said({ required: true }, unreachable)).toContain(REFUSED);
    expect(said({}, unreachable)).toBe("publishedNotVerified");
  });

  it("does not follow it where somebody has suspended the agent: that was meant", () => {
    const suspended = outcome("publishedNotVerified");
    expect(said({ required: true, onUnreachable: "skip" }, suspended)).toContain(REFUSED);
    expect(said({ onUnreachable: "fail" }, suspended)).toBe("publishedNotVerified");
  });
});
