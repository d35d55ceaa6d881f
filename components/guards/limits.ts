import { shown } from "../manifests";
import { ageMs, ageText, checkAge } from "./age";
import type { Age } from "./age";
import type { Change, Guard, Outcome, Verdict } from "./contract";

/** From where on a guard warns, and from where on it blocks. At least one of them. */
export interface Limits<T> {
  readonly warn?: T;
  readonly block?: T;
}

/**
 * Keeps batches small: warns or blocks when a promotion would bring more changes at once than these.
 *
 * @example maxPending({ warn: 8, block: 20 })
 */
export function maxPending(limits: Limits<number>): Guard {
  const name = "maxPending";
  return {
    name,
    check: () => checkLimits(name, limits, checkCount, (count) => count),
    judge: ({ target: { changes } }) => {
      const outcome = outcomeOf(changes.length, limits);
      const what = `${changes.length} ${changes.length === 1 ? "change" : "changes"} at once`;
      return [limitVerdict(name, outcome, what, limits[outcome as keyof Limits<number>])];
    },
  };
}

/**
 * Warns or blocks when the oldest change that a promotion would bring has waited for longer than these: it was made
 * for a world that may have moved on, so somebody has to look at it.
 *
 * @example maxAge({ warn: "2d", block: "7d" })
 */
export function maxAge(limits: Limits<Age>): Guard {
  const name = "maxAge";
  return {
    name,
    check: () => checkLimits(name, limits, checkAge, ageMs),
    judge: ({ target: { changes }, now }) => {
      const age = oldestAgeMs(changes, now);
      if (age === undefined) return [{ guard: name, outcome: "pass", sentence: "nothing has waited" }];
      const { warn, block } = limits;
      const asMs = { ...(warn && { warn: ageMs(warn) }), ...(block && { block: ageMs(block) }) };
      const outcome = outcomeOf(age, asMs);
      const what = age < ageMs("1m") ? "the changes are new" : `the oldest change has waited ${ageText(age)}`;
      return [limitVerdict(name, outcome, what, limits[outcome as keyof Limits<Age>])];
    },
  };
}

/** How long the oldest change has waited, in milliseconds, at least 0; undefined when none has a time. */
export function oldestAgeMs(changes: readonly Change[], now: Date): number | undefined {
  const times = changes.flatMap(({ time }) => (time === undefined ? [] : [time.getTime()]));
  if (times.length === 0) return undefined;
  return Math.max(0, now.getTime() - times.reduce((oldest, time) => Math.min(oldest, time)));
}

function outcomeOf(value: number, { warn = Infinity, block = Infinity }: Limits<number>): Outcome {
  if (value > block) return "block";
  return value > warn ? "warn" : "pass";
}

function limitVerdict(
  guard: string,
  outcome: Outcome,
  what: string,
  limit: number | string | undefined,
): Verdict {
  if (outcome === "pass") return { guard, outcome, sentence: what };
  const remedy = outcome === "block" ? "promote less, or override it with a reason" : "promote sooner";
  return { guard, outcome, sentence: `${what}, above ${limit} (${outcome}); ${remedy}` };
}

function checkCount(field: string, count: unknown): string[] {
  if (Number.isInteger(count) && (count as number) >= 1) return [];
  return [`${field} is ${shown(count)}; give a whole number, 1 or more`];
}

function checkLimits<T>(
  name: string,
  limits: Limits<T>,
  check: (field: string, value: unknown) => string[],
  size: (value: T) => number,
): string[] {
  const { warn, block } = limits;
  if (warn === undefined && block === undefined)
    return [`${name} has no limit; give "warn", "block" or both`];
  const problems = Object.entries({ warn, block })
    .filter(([, value]) => value !== undefined)
    .flatMap(([field, value]) => check(`${name}.${field}`, value));
  if (problems.length > 0 || warn === undefined || block === undefined) return problems;
  if (size(warn) <= size(block)) return [];
  return [`${name}.warn is ${shown(warn)}, above its block ${shown(block)}; it may be that much at most`];
}
