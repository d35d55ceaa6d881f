import { ageMs, ageText, checkAge } from "./age";
import type { Age } from "./age";
import { BUILD } from "./contract";
import type { Guard, Relation, Verdict } from "./contract";

/**
 * Lets an environment only move forward along the history: the target has to be a descendant of what runs. Every
 * promotion is judged so; with this guard also where a cut history hides it. A release that has succeeded there before
 * is a way back, which no guard holds.
 */
export function forwardOnly(): Guard {
  const guard = "forwardOnly";
  return {
    name: guard,
    check: () => [],
    judge: ({ current, target }) => {
      if (current === undefined) return [];
      const sentence = RELATIONS[target.relation].replace("%s", current.commit.slice(0, 12));
      const isForward = target.relation === "ahead" || target.relation === "same";
      return [{ guard, outcome: isForward ? "pass" : "block", sentence }];
    },
  };
}

const RELATIONS: Readonly<Record<Relation, string>> = {
  same: "the same commit as runs there (%s)",
  ahead: "a descendant of what runs there (%s)",
  behind:
    "an ancestor of what runs there (%s), and it has never succeeded there; promote a newer one, or roll back to one that has",
  diverged:
    "not a descendant of what runs there (%s): its changes would be taken back; bring both lines together first",
  unknown:
    "its place to what runs there (%s) cannot be told, since this clone lacks a commit; run git fetch --unshallow",
};

const MINUTE_MS = ageMs("1m");
const MINUTE_LENGTH = "2026-01-01T00:00".length;

/**
 * Wants a release to have been verified for this long in the environment that it comes from.
 *
 * @example soak("24h")
 */
export function soak(time: Age): Guard {
  const name = "soak";
  return {
    name,
    check: ({ from }) => [
      ...checkAge(name, time),
      ...(from === BUILD
        ? [`${name} has nothing to wait for: releases come from "${BUILD}", where none runs; remove it`]
        : []),
    ],
    judge: ({ target, from, now }) => [
      soakVerdict(name, { since: target.verifiedUpstream, from, time, now }),
    ],
  };
}

interface Soaking {
  readonly since: Date | undefined;
  readonly from: string;
  readonly time: Age;
  readonly now: Date;
}

function soakVerdict(guard: string, { since, from, time, now }: Soaking): Verdict {
  if (since === undefined) {
    return { guard, outcome: "block", sentence: `not verified in ${from} yet; it has to be, for ${time}` };
  }
  const ready = since.getTime() + ageMs(time);
  const age = ageText(now.getTime() - since.getTime());
  if (ready <= now.getTime()) return { guard, outcome: "pass", sentence: `verified in ${from} for ${age}` };
  const soaked =
    age === "now"
      ? `just verified in ${from}, and it has to be for ${time}`
      : `verified in ${from} for ${age} of ${time}`;
  const minute = new Date(Math.ceil(ready / MINUTE_MS) * MINUTE_MS).toISOString().slice(0, MINUTE_LENGTH);
  return { guard, outcome: "block", sentence: `${soaked}; wait until ${minute}Z` };
}
