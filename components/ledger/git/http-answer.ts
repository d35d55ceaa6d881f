/** What a server answered over http, as far as an explanation needs it. */
export interface HttpAnswer {
  readonly status: number;
  readonly retryAfterSeconds: number | undefined;
  /** Whether the server says that it is about too many requests. */
  readonly limited: boolean;
}

const STATUS = /<= Recv header: HTTP\/[\d.]+ (\d{3})/g;

/** The last answer in what Git wrote down (`GIT_TRACE_CURL`); undefined when there was none. */
export function readHttpAnswer(trace: string, now: number = Date.now()): HttpAnswer | undefined {
  const last = [...trace.matchAll(STATUS)].at(-1);
  if (last === undefined) return undefined;
  const status = Number(last[1]);
  const headers = trace.slice(last.index);
  return { status, ...readLimits(status, (name) => headerOf(headers, name), now) };
}

function headerOf(headers: string, name: string): string | undefined {
  return new RegExp(`<= Recv header: ${name}: *([^\\r\\n]*)`, "i").exec(headers)?.[1]?.trim();
}

/**
 * Whether a refusal is about too many requests, and how long to wait.
 * Sources: RFC 9110, section 10.2.3; GitHub, "Rate limits for the REST API".
 */
export function readLimits(
  status: number,
  header: (name: string) => string | undefined,
  now: number,
): Omit<HttpAnswer, "status"> {
  const retryAfter = secondsOf(header("retry-after"), now);
  const exhausted = header("x-ratelimit-remaining") === "0";
  const reset = Number(header("x-ratelimit-reset") ?? Number.NaN) - now / 1000;
  const untilReset = exhausted && Number.isFinite(reset) ? Math.max(0, Math.ceil(reset)) : undefined;
  const limited = status === 429 || (status === 403 && (retryAfter !== undefined || exhausted));
  return { retryAfterSeconds: retryAfter ?? untilReset, limited };
}

/** Either seconds or a date. */
function secondsOf(text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1000));
}
