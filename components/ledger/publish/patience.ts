import { setTimeout as sleep } from "node:timers/promises";
import { LedgerError } from "../failure";
import type { LedgerRuntime } from "./args";
import { DEFAULT_MAX_WAIT_SECONDS } from "./args";

/** How often a server that does not answer is tried. */
export const MAX_TRIES = 4;
const FIRST_WAIT_MS = 500;
/** Waited for when a server has had too many requests and does not say how long to wait, in seconds. */
const UNSAID_WAIT_SECONDS = 60;

/**
 * Does something again when the server had no answer or too many requests: as long as it says, within a bound.
 * `work` must be safe to do twice.
 */
export async function patiently<T>(
  runtime: LedgerRuntime,
  work: () => Promise<T>,
  spent = { tries: 1, began: performance.now() },
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const waitMs = waitFor(error, spent.tries);
    const limitMs = (runtime.maxWaitSeconds ?? DEFAULT_MAX_WAIT_SECONDS) * 1000;
    const spentMs = performance.now() - spent.began;
    if (waitMs === undefined || spentMs + waitMs > limitMs) throw error;
    runtime.onStep?.("waiting");
    await sleep(waitMs);
    return patiently(runtime, work, { ...spent, tries: spent.tries + 1 });
  }
}

/** Undefined when trying again is of no use. */
function waitFor(error: unknown, tries: number): number | undefined {
  if (!(error instanceof LedgerError)) return undefined;
  const { failure, retryAfterSeconds } = error;
  if (failure === "rate-limited")
    return (retryAfterSeconds ?? UNSAID_WAIT_SECONDS) * 1000 + jitter(FIRST_WAIT_MS);
  if (failure !== "unreachable" || tries >= MAX_TRIES) return undefined;
  const backoff = FIRST_WAIT_MS * 2 ** (tries - 1);
  return Math.max((retryAfterSeconds ?? 0) * 1000, backoff / 2) + jitter(backoff);
}

/** Spreads those who failed together. */
export function jitter(maxMs: number): number {
  return Math.random() * maxMs;
}
