import { describe, expect, it } from "vitest";
import {
  checkHold,
  checkNewHold,
  holdText,
  isHeld,
  readHold,
  rollbackHold,
} from "../../../components/promotion";

const now = new Date("2026-11-25T12:00:00Z");

describe("a hold", () => {
  it("needs a reason, and ends at a date, at a time, or when it is lifted", () => {
    for (const until of [undefined, "2026-12-01", "2026-12-01T08:00Z", "2026-12-01T08:00:30+02:00"]) {
      const block = until === undefined ? { reason: "INC-231" } : { reason: "INC-231", until };
      expect(checkHold("hold", block)).toEqual([]);
    }
  });

  it("is refused with every problem at once", () => {
    expect(checkHold("hold", { reason: " ", until: "tomorrow", who: "me" })).toEqual([
      'hold.reason is " "; say why',
      'hold.until is "tomorrow"; give a date or a time, quoted: "2026-12-01" or "2026-12-01T08:00Z"',
      "hold.who is no field of a hold; remove it",
    ]);
    for (const until of ["2026-13-01", "2026-02-30T25:00Z", 20261201]) {
      expect(checkHold("hold", { reason: "x", until })).toHaveLength(1);
    }
    for (const block of [null, "INC-231", ["INC-231"]]) expect(checkHold("hold", block)).toHaveLength(1);
  });

  it("does not end on a day that there is not: it would end on another one", () => {
    for (const until of ["2026-02-31", "2026-02-29", "2026-04-31T08:00Z"]) {
      expect(checkHold("hold", { reason: "x", until })).toEqual([
        `hold.until is "${until}", and there is no such day; give a date or a time, quoted: "2026-12-01" or "2026-12-01T08:00Z"`,
      ]);
    }
    expect(checkHold("hold", { reason: "x", until: "2028-02-29" })).toEqual([]);
  });

  it("is not set with an end that is over", () => {
    const problems = (until?: string): string[] =>
      checkNewHold("hold", until === undefined ? { reason: "x" } : { reason: "x", until }, now);
    expect(problems("2026-11-25T12:00Z")).toEqual([
      'hold.until is "2026-11-25T12:00Z", which is over; give a later end, or leave it out',
    ]);
    expect([problems(), problems("2026-11-26")]).toEqual([[], []]);
    expect(problems("2026-02-31")).toHaveLength(1);
  });

  it("holds up to its end, not with it, and for ever without one", () => {
    const held = (until?: string): boolean =>
      isHeld(readHold(until === undefined ? { reason: "x" } : { reason: "x", until }), now);
    expect([held(), held("2026-11-26"), held("2026-11-25T12:00Z"), held("2026-11-25")]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(isHeld(readHold(undefined), now)).toBe(false);
  });

  it("of a rollback ends a week later, unless it is told when", () => {
    expect(rollbackHold("INC-231", now)).toEqual({ reason: "INC-231", until: "2026-12-02" });
    expect(rollbackHold("INC-231", now, "2026-12-24")).toEqual({ reason: "INC-231", until: "2026-12-24" });
    expect(holdText(readHold(rollbackHold("INC-231", now))!)).toBe("held until 2026-12-02T00:00Z: INC-231");
  });
});
