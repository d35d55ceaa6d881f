import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BUILD_STACK } from "../../../components/pipeline";
import { BUILD } from "../../../components/guards/contract";
import { forwardOnly, judgePromotion, maxPending } from "../../../components/guards";
import type { Relation } from "../../../components/guards";
import { ago, candidate, commits, NOW, promotion } from "./facts";

const GUARDS = [maxPending({ block: 10 }), forwardOnly()];
const large = candidate({ id: "large", changes: commits(20) });

describe("a promotion", () => {
  it("passes when nothing is against it", () => {
    expect(judgePromotion(GUARDS, promotion())).toMatchObject({ outcome: "pass", isRollback: false });
  });

  it("is blocked with a proposal of the largest verified release that fits", () => {
    const candidates = [
      large,
      candidate({ id: "eleven", changes: commits(11) }),
      candidate({ id: "ten-unverified", changes: commits(10), verifiedUpstream: undefined }),
      candidate({ id: "nine", changes: commits(9) }),
      candidate({ id: "two", changes: commits(2) }),
    ];
    const { outcome, proposal } = judgePromotion(GUARDS, promotion({ target: large, candidates }));
    expect([outcome, proposal?.id]).toEqual(["block", "nine"]);
  });

  it("never proposes what is blocked itself, whatever there is", () => {
    const relation = fc.constantFrom("same", "ahead", "behind", "diverged", "unknown");
    const any = fc.record({ id: fc.string(), count: fc.nat(30), verified: fc.boolean(), relation });
    fc.assert(
      fc.property(fc.array(any), (list) => {
        const candidates = list.map(({ id, count, verified, relation: way }) =>
          candidate({
            id,
            changes: commits(count),
            relation: way,
            verifiedUpstream: verified ? ago(1) : undefined,
          }),
        );
        const { proposal } = judgePromotion(GUARDS, promotion({ target: large, candidates }));
        const fitting = candidates.filter(
          ({ id, changes, relation: way, verifiedUpstream }) =>
            id !== "large" && way === "ahead" && verifiedUpstream !== undefined && changes.length <= 10,
        );
        const most = Math.max(...fitting.map(({ changes }) => changes.length));
        expect(proposal?.changes.length).toBe(fitting.length === 0 ? undefined : most);
      }),
    );
  });

  it("is blocked while upstream has not verified it", () => {
    const target = candidate({ verifiedUpstream: undefined });
    const { outcome, verdicts } = judgePromotion([], promotion({ target }));
    expect(outcome).toBe("block");
    expect(verdicts[0]!.sentence).toContain("is not verified in staging; run it there first");
    expect(judgePromotion([], promotion({ target, from: BUILD })).outcome).toBe("pass");
    expect(BUILD).toBe(BUILD_STACK);
  });

  it("is blocked when it is no descendant of what runs there, whatever guards the environment has", () => {
    const outcome = (relation: Relation, guards = [maxPending({ block: 10 })]): string =>
      judgePromotion(guards, promotion({ target: candidate({ relation }) })).outcome;
    expect(["ahead", "same"].map((relation) => outcome(relation as Relation))).toEqual(["pass", "pass"]);
    expect(["behind", "diverged"].map((relation) => outcome(relation as Relation))).toEqual([
      "block",
      "block",
    ]);
    // A shallow clone does not know: that is said, and only who asks for forwardOnly is held by it.
    expect([outcome("unknown"), outcome("unknown", [forwardOnly()])]).toEqual(["warn", "block"]);
    const { verdicts } = judgePromotion(
      [forwardOnly()],
      promotion({ target: candidate({ relation: "diverged" }) }),
    );
    expect(verdicts.filter(({ guard }) => guard === "forwardOnly")).toHaveLength(1);
  });

  it("is blocked by a hold until that ends", () => {
    const hold = { reason: "INC-231", until: ago(-1) };
    const { outcome, verdicts } = judgePromotion([], promotion({ hold }));
    expect(outcome).toBe("block");
    expect(verdicts[0]!.sentence).toBe("prod is held until 2026-11-25T13:00Z: INC-231; lift the hold first");
    expect(judgePromotion([], promotion({ hold: { ...hold, until: NOW } })).outcome).toBe("pass");
  });

  it("is held when it goes forward again to what a way back has left", () => {
    const hold = { reason: "INC-231" };
    const left = candidate({ verifiedHere: ago(2), relation: "ahead" });
    expect(judgePromotion([], promotion({ target: left, hold })).outcome).toBe("block");
    expect(judgePromotion([], promotion({ target: left })).outcome).toBe("pass");
    expect(judgePromotion([], promotion({ target: { ...left, relation: "behind" }, hold })).outcome).toBe(
      "pass",
    );
  });

  it("is a way back when the release has succeeded there before, and then nothing holds it", () => {
    const target = candidate({ changes: commits(50), relation: "behind", verifiedHere: ago(30) });
    const hold = { reason: "INC-231" };
    const judged = judgePromotion(GUARDS, promotion({ target, hold }));
    expect(judged).toMatchObject({ outcome: "pass", isRollback: true });
    expect(judged.verdicts.map(({ guard }) => guard)).toEqual(["rollback"]);
  });

  it("goes on over a block with a reason, and the verdicts stay", () => {
    const override = { release: "large", reason: "agreed in INC-9" };
    const judged = judgePromotion(GUARDS, promotion({ target: large, override }));
    expect(judged).toMatchObject({ outcome: "warn", overridden: "agreed in INC-9" });
    expect(judged.verdicts.some(({ outcome }) => outcome === "block")).toBe(true);
  });

  it.each([
    ["another release", { release: "other", reason: "x" }],
    ["no reason", { release: "large", reason: " " }],
  ])("is not overridden for %s", (_what, override) => {
    expect(judgePromotion(GUARDS, promotion({ target: large, override })).outcome).toBe("block");
  });

  it("says nothing of an override that was not needed", () => {
    const override = { release: candidate().id, reason: "to be sure" };
    const judged = judgePromotion(GUARDS, promotion({ override }));
    expect(judged).toMatchObject({ outcome: "pass", overridden: undefined });
  });
});
