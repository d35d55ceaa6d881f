import { durationText } from "../duration";
import type { Verdict } from "../contract";

/** How long a failure has to hold before it counts, in milliseconds: what is over in a moment was none. */
export const CONFIRM_MS = 6000;
/** How long what was good may be pending again while the gate bakes, in milliseconds: an autoscaler adds a pod. */
export const LAPSE_MS = 30_000;

/** How long a cluster is watched, in milliseconds. */
export interface Times {
  /** Until it is as wanted. */
  readonly timeoutMs: number;
  /** How long it has to stay so. */
  readonly bakeMs: number;
}

/** What was decided of a cluster; `open` when the gate failed before. */
export interface Outcome {
  readonly state: "passed" | "failed" | "open";
  readonly reason: string;
}

/** Verdicts that follow each other closely, from the first to the last one. */
interface Streak {
  readonly since: number;
  readonly last: number;
}

/** What is known of one cluster, verdict by verdict. Times are those of a clock that only goes forward. */
export class Progress {
  readonly #times: Times;
  readonly #begun: number;
  /** Since when all was as wanted; it bakes. */
  #good: number | undefined;
  /** Verdicts that failed, since the last one that is good. */
  #failing: Streak | undefined;
  /** Since then, while it bakes: all of them, failed or pending. */
  #lapse: Streak | undefined;

  constructor(times: Times, now: number) {
    this.#times = times;
    this.#begun = now;
  }

  /** Whether it was as wanted, and is watched on. */
  get isBaking(): boolean {
    return this.#good !== undefined;
  }

  /** Takes one verdict, and returns what is decided by it. */
  take({ state, reason }: Verdict, now: number): Outcome | undefined {
    if (state === "passed") return this.#takeGood(reason, now);
    if (this.#takeBad(state, now)) return { state: "failed", reason: this.#failure(reason, now) };
    if (this.isBaking || now - this.#begun < this.#times.timeoutMs) return undefined;
    return {
      state: "failed",
      reason: `not as wanted within ${durationText(this.#times.timeoutMs)}: ${reason}`,
    };
  }

  #takeGood(reason: string, now: number): Outcome | undefined {
    this.#good ??= now;
    this.#failing = undefined;
    this.#lapse = undefined;
    return now - this.#good >= this.#times.bakeMs ? { state: "passed", reason } : undefined;
  }

  /** Whether it has been bad for long enough. */
  #takeBad(state: "pending" | "failed", now: number): boolean {
    if (this.isBaking) this.#lapse = goingOn(this.#lapse, now, LAPSE_MS);
    if (state === "failed") this.#failing = goingOn(this.#failing, now, CONFIRM_MS);
    const hasFailed = state === "failed" && lasts(this.#failing, CONFIRM_MS);
    return hasFailed || lasts(this.#lapse, LAPSE_MS);
  }

  #failure(reason: string, now: number): string {
    if (this.#good === undefined) return reason;
    return `was as wanted, and after ${durationText(now - this.#good)} no more: ${reason}`;
  }
}

/** A streak with one more verdict; another one when the last is longer ago than that. */
function goingOn(streak: Streak | undefined, now: number, limit: number): Streak {
  const isSame = streak !== undefined && now - streak.last <= limit;
  return { since: isSame ? streak.since : now, last: now };
}

function lasts(streak: Streak | undefined, limit: number): boolean {
  return streak !== undefined && streak.last - streak.since >= limit;
}
