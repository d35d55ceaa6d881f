import { ApiError, UnreachableError } from "../../clusters/api";
import { Mistake } from "../../mistake";
import { failed, passed, pending } from "../contract";
import type { CheckTarget, Verdict } from "../contract";
import { kindOf } from "../kinds";
import type { Check } from "../kinds";

/** How long one look of one check may take, in milliseconds, whatever it asks. */
export const LOOK_TIMEOUT_MS = 30_000;

/**
 * Looks once at all checks, in their order: what comes later is looked at when what comes before is as wanted.
 *
 * @param over checks that have passed once and for all, by index; one that does now is added
 */
export async function look(list: readonly Check[], target: CheckTarget, over: Set<number>): Promise<Verdict> {
  const reasons: string[] = [];
  for (const [index, check] of list.entries()) {
    if (over.has(index)) continue;
    const verdict = await bounded(observe(check, target));
    if (verdict.state !== "passed") return verdict;
    if (kindOf(check).once) over.add(index);
    reasons.push(verdict.reason);
  }
  return passed(reasons.join("; "));
}

async function observe(check: Check, target: CheckTarget): Promise<Verdict> {
  try {
    return await kindOf(check).observe(check, target);
  } catch (error) {
    return verdictOf(error as Error);
  }
}

/** A server that is away or overloaded may be back; who has no right, or no secret, will not get it by waiting. */
function verdictOf(error: Error): Verdict {
  if (error instanceof UnreachableError) return pending(error.message);
  if (error instanceof ApiError) {
    const isRefused = error.status === 401 || error.status === 403;
    if (isRefused) return failed(`${error.message}; give the right to whoever runs pulumi`);
    return error.status === 429 || error.status >= 500 ? pending(error.message) : failed(error.message);
  }
  return failed(error instanceof Mistake ? error.problems.join("; ") : error.message);
}

async function bounded(verdict: Promise<Verdict>): Promise<Verdict> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Verdict>((resolve) => {
    const reason = `no verdict within ${LOOK_TIMEOUT_MS / 1000} s`;
    timer = setTimeout(() => resolve(pending(reason)), LOOK_TIMEOUT_MS);
  });
  try {
    return await Promise.race([verdict, late]);
  } finally {
    clearTimeout(timer);
  }
}
