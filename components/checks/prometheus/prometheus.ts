import { readSecret, checkSecretSource } from "../../ledger/access/secrets";
import type { SecretSource } from "../../ledger/access/args";
import { shown } from "../../manifests/names";
import { failed, passed, pending } from "../contract";
import type { CheckKind } from "../contract";
import { addressText, ask, checkAddress } from "../http";
import type { Address, HttpAnswer } from "../http";

/** Where a Prometheus answers instant queries. Source: Prometheus, "HTTP API". */
const QUERY_PATH = "/api/v1/query";

/** What {@link checks}`.prometheus()` asks, and the range that is good. At least one of `min` and `max`. */
export type PrometheusArgs = Address & {
  /** An instant query whose result is one number, or several that all have to be in the range. */
  readonly query: string;
  /** The lowest value that is good. @default none */
  readonly min?: number;
  /** The highest value that is good. @default none */
  readonly max?: number;
  /**
   * Where the token is that the server wants. It is read when the gate asks, and not kept.
   * @default none is sent
   * @example { variable: "PROMETHEUS_TOKEN" }
   */
  readonly token?: SecretSource;
};

export type Prometheus = PrometheusArgs & { readonly check: "prometheus" };

/** The result of a query is in a range. No result yet is waited for; one outside of the range fails. */
export const prometheusKind: CheckKind<Prometheus> = {
  once: false,

  check(inputs, at) {
    const { query, min, max, token } = inputs;
    const limits = [min, max].filter((limit) => limit !== undefined);
    const isRange =
      limits.length > 0 &&
      limits.every(Number.isFinite) &&
      !(min !== undefined && max !== undefined && min > max);
    const isSent = token === undefined || inputs.url !== undefined;
    return [
      ...checkAddress(inputs, at),
      ...(typeof query === "string" && query.trim() !== ""
        ? []
        : [`${at}.query is empty; give an instant query`]),
      ...(isRange ? [] : [`${at} has no range; give min, max or both, and min below max`]),
      ...(token === undefined ? [] : checkSecretSource(`${at}.token`, token)),
      ...(isSent
        ? []
        : [`${at}.token goes to a url only: the API server keeps the header for itself; leave it out`]),
    ];
  },

  title: ({ query, min, max }) => `${query} is ${rangeText(min, max)}`,

  async observe(inputs, target) {
    const { query, min = -Infinity, max = Infinity, token } = inputs;
    const headers: Record<string, string> =
      token === undefined
        ? {}
        : { authorization: `Bearer ${readSecret(token, { environment: target.environment })}` };
    const answer = await ask(inputs, `${QUERY_PATH}?query=${encodeURIComponent(query)}`, target, headers);
    const values = valuesOf(answer);
    if (typeof values === "string") return pending(`${addressText(inputs, QUERY_PATH)}: ${values}`);
    if (values.length === 0) return pending(`${query} has no result yet`);
    const outside = values.find((value) => !(value >= min && value <= max));
    if (outside === undefined) return passed(`${query} is ${values.join(", ")}`);
    return failed(`${query} is ${outside}, and has to be ${rangeText(inputs.min, inputs.max)}`);
  },
};

function rangeText(min: number | undefined, max: number | undefined): string {
  if (min !== undefined && max !== undefined) return `from ${min} to ${max}`;
  return min === undefined ? `at most ${max}` : `at least ${min}`;
}

type Sample = readonly [number, string];

interface QueryAnswer {
  readonly status?: string;
  readonly error?: string;
  readonly data?: { readonly resultType?: string; readonly result?: unknown };
}

/** The numbers of an answer; a text says why there are none. */
function valuesOf({ status, text }: HttpAnswer): readonly number[] | string {
  let answer: QueryAnswer;
  try {
    answer = JSON.parse(text) as QueryAnswer;
  } catch {
    return `it answered ${status} and no JSON`;
  }
  if (answer.status !== "success") return `it answered ${status}: ${shown(answer.error ?? "no reason")}`;
  const { resultType, result } = answer.data ?? {};
  if (resultType === "scalar") return [Number((result as Sample)[1])];
  if (resultType === "vector") return (result as { value: Sample }[]).map(({ value }) => Number(value[1]));
  return `the query gives a ${String(resultType)}; write one that gives a number now`;
}
