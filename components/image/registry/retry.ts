import { setTimeout as sleep } from "node:timers/promises";
import type { HttpResponse } from "./http";

export interface RetryPolicy {
  /** How often at most something is tried, the first time included. */
  readonly attempts: number;
  /** Longest wait before the second try; it doubles with each further one. The wait itself is random up to that. */
  readonly baseMs: number;
  /** Longest wait that is taken when the server names one (`Retry-After`). */
  readonly maxRetryAfterMs: number;
}

/** A few seconds of trouble are waited out, a registry that is down is reported within ten. */
export const DEFAULT_RETRIES: RetryPolicy = { attempts: 4, baseMs: 500, maxRetryAfterMs: 30_000 };

const TRANSIENT_STATUSES = new Set([408, 429, 500, 502, 503, 504]);
const TRANSIENT_CODES = new Set([
  "ECONNABORTED",
  "ECONNREFUSED",
  "ECONNRESET",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EPIPE",
  "ETIMEDOUT",
]);

/** Tries again while the failure may pass. The last answer, or the last error, is what counts. */
export async function withRetries(
  attempt: () => Promise<HttpResponse>,
  policy: RetryPolicy,
): Promise<HttpResponse> {
  for (let tries = 1; ; tries++) {
    const result = await attempt().catch((error: unknown) => ({ error }));
    const waitMs = tries < policy.attempts ? waitBefore(result, tries, policy) : undefined;
    if (waitMs !== undefined) await sleep(waitMs);
    else if ("error" in result) throw result.error;
    else return result;
  }
}

/** How long to wait before the next try; undefined when there is no use in one. */
function waitBefore(
  result: HttpResponse | { error: unknown },
  tries: number,
  policy: RetryPolicy,
): number | undefined {
  const ownWait = Math.random() * policy.baseMs * 2 ** (tries - 1);
  if ("error" in result) return isTransient(result.error) ? ownWait : undefined;
  if (!TRANSIENT_STATUSES.has(result.status)) return undefined;
  const asked = retryAfterMs(result.headers["retry-after"]);
  if (asked === undefined) return ownWait;
  return asked <= policy.maxRetryAfterMs ? asked : undefined;
}

function isTransient(error: unknown): boolean {
  const { name, code } = error as { name?: string; code?: string };
  return (
    name === "TimeoutError" || name === "AbortError" || (code !== undefined && TRANSIENT_CODES.has(code))
  );
}

/** Seconds or a date, as RFC 9110, section 10.2.3 has it; undefined when it is neither. */
function retryAfterMs(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const waitMs = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(waitMs) ? undefined : Math.max(waitMs, 0);
}
