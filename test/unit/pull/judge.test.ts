import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AgentStatus } from "../../../components/pull/contract";
import { judge } from "../../../components/pull/sync/judge";
import type { Standing } from "../../../components/pull/sync/judge";

const status = (more: Partial<AgentStatus>): AgentStatus => ({
  state: "working",
  commit: "c".repeat(40),
  handled: "now",
  looked: "now",
  message: "words",
  source: "readable",
  ...more,
});

const anyStatus = fc.record({
  state: fc.constantFrom<AgentStatus["state"]>("absent", "working", "healthy", "failed", "suspended"),
  commit: fc.constantFrom("a".repeat(40), "b".repeat(40), undefined),
  handled: fc.constantFrom("now", "before", undefined),
  looked: fc.constantFrom("now", "before", undefined),
  message: fc.string(),
  source: fc.constantFrom<AgentStatus["source"]>("readable", "unreadable"),
});
const anyStanding = fc.constantFrom<Standing>("same", "newer", "other");

describe("the judgement of a wait", () => {
  it("is live only when the agent is healthy with the very bytes that were published, and can read the repository now", () => {
    fc.assert(
      fc.property(anyStatus, anyStanding, (said, standing) => {
        const isLive = judge(said, standing, "now")?.result === "live";
        expect(isLive).toBe(said.state === "healthy" && standing === "same" && said.looked === "now");
      }),
    );
  });

  it("has failed only by a report of this release that came after it was asked for", () => {
    fc.assert(
      fc.property(anyStatus, anyStanding, (said, standing) => {
        const hasFailed = judge(said, standing, "now")?.result === "failed";
        expect(hasFailed).toBe(said.state === "failed" && standing === "same" && said.handled === "now");
      }),
    );
  });

  it("is superseded when the agent is at a later commit with another folder, whatever comes of that", () => {
    for (const state of ["working", "healthy", "failed"] as const)
      expect(judge(status({ state }), "newer", "now")?.result).toBe("superseded");
    expect(judge(status({ looked: "before" }), "newer", "now")).toBeUndefined();
  });

  it("goes on while the agent is at an older commit, healthy or not", () => {
    for (const state of ["working", "healthy", "failed"] as const)
      expect(judge(status({ state }), "other", "now")).toBeUndefined();
  });

  it("ends with what cannot be known when somebody has suspended the agent", () => {
    expect(judge(status({ state: "suspended" }), "same", "now")?.result).toBe("publishedNotVerified");
  });

  it("has the agent's own words", () => {
    expect(judge(status({ state: "failed" }), "same", "now")?.message).toBe("words");
  });
});
