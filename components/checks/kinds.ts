import type { CheckKind } from "./contract";
import { httpKind } from "./http";
import type { Http, HttpArgs } from "./http";
import { jobKind } from "./job";
import type { Job, JobArgs } from "./job";
import { kubernetesKind } from "./kubernetes";
import type { Kubernetes, KubernetesArgs } from "./kubernetes";
import { prometheusKind } from "./prometheus";
import type { Prometheus, PrometheusArgs } from "./prometheus";
import { rolloutReadyKind } from "./rollout-ready";
import type { RolloutReady, RolloutReadyArgs } from "./rollout-ready";

/** A check as plain data; {@link checks} makes them. */
export type Check = RolloutReady | Http | Job | Prometheus | Kubernetes;

/** The kinds by the word that a check names its kind with. That word is in states: it stays. */
export const CHECK_KINDS = {
  rolloutReady: rolloutReadyKind,
  http: httpKind,
  job: jobKind,
  prometheus: prometheusKind,
  kubernetes: kubernetesKind,
} as const;

/** The kind of a check. */
export function kindOf(check: Check): CheckKind<Check> {
  return CHECK_KINDS[check.check] as CheckKind<Check>;
}

/**
 * What a gate can look at before the next wave begins.
 *
 * @example
 * waves: [
 *   { name: "canary", clusters: ["eu-1"], bake: "2m", checks: [checks.http({ service: "shop", port: 80, path: "/healthz" })] },
 *   { name: "rest", clusters: ["us-1", "us-2"] },
 * ]
 */
export const checks = {
  /** Every workload that was delivered is rolled out. Every gate has it, unless its `checks` are empty. */
  rolloutReady: (args: RolloutReadyArgs = {}): RolloutReady => ({ check: "rolloutReady", ...args }),
  /** Requests to a Service, or to a URL, are answered as wanted. */
  http: (args: HttpArgs): Http => ({ check: "http", ...args }),
  /** A Job that runs once in the cluster succeeds. */
  job: (args: JobArgs): Job => ({ check: "job", ...args }),
  /** The result of a query is in a range. */
  prometheus: (args: PrometheusArgs): Prometheus => ({ check: "prometheus", ...args }),
  /** Any object of the cluster has a condition, or a value at a path. */
  kubernetes: (args: KubernetesArgs): Kubernetes => ({ check: "kubernetes", ...args }),
} as const;

/** Problems of a list of checks that stands at `at`. */
export function checkChecks(list: readonly Check[], at: string): string[] {
  return list.flatMap((check, index) => {
    const place = `${at}[${index}]`;
    const known = Object.keys(CHECK_KINDS);
    if (!known.includes(check?.check))
      return [`${place} is no check; make it with checks.${known.join("(), checks.")}()`];
    return kindOf(check).check(check, place);
  });
}

/** The checks of a gate: what was delivered is rolled out before anything else is looked at; none when none are wanted. */
export function resolveChecks(list: readonly Check[] | undefined): readonly Check[] {
  if (list === undefined) return [checks.rolloutReady()];
  const has = list.some(({ check }) => check === "rolloutReady");
  return list.length === 0 || has ? list : [checks.rolloutReady(), ...list];
}
