import { TRIED } from "../history/deployments";
import type { Deployment } from "../history";

/** A change that a deployment has brought first. */
export interface Delivered {
  /** When it was committed. */
  readonly committed: Date;
}

/** An update of a stack that failed, as the stack's history tells: a gate that did not pass, or a cluster. */
export interface FailedUpdate {
  /** Id of the release that it was for. */
  readonly release: string;
  readonly ended: Date;
}

/** What the metrics of one environment are made of. */
export interface MetricFacts {
  readonly environment: string;
  /** Any order. */
  readonly deployments: readonly DeploymentWithChanges[];
  /** Undefined when the stack's history could not be read: repeated failures are then not seen. */
  readonly failedUpdates: readonly FailedUpdate[] | undefined;
  /** The time that is looked at: from, without, the first, to, with, the second. */
  readonly window: { readonly from: Date; readonly to: Date };
}

/** A deployment and the changes that it brought to the environment; none when they are not known. */
export interface DeploymentWithChanges extends Deployment {
  readonly changes: readonly Delivered[];
}

/** Middle and slow end of some lengths of time, in seconds; undefined when there is none. */
export interface Times {
  readonly count: number;
  readonly medianSeconds: number | undefined;
  readonly p90Seconds: number | undefined;
}

/** The four delivery metrics of an environment. */
export interface Metrics {
  readonly environment: string;
  readonly from: Date;
  readonly to: Date;
  /** Deployments that were verified in the window. */
  readonly deployments: number;
  readonly deploymentsPerDay: number;
  /** From the commit of the oldest change of a deployment until it was verified. */
  readonly leadTime: Times;
  /** Deployments that began in the window and have ended, without ways back. */
  readonly changes: number;
  /** Those of them that failed; see {@link hasFailed}. */
  readonly failures: number;
  /** `failures / changes`; undefined when there were no changes. */
  readonly changeFailureRate: number | undefined;
  /** From the begin of a failed deployment until the environment was verified again. */
  readonly timeToRestore: Times;
  /** Updates that failed; undefined when the stack's history could not be read. */
  readonly failedUpdates: number | undefined;
}

const DAY_MS = 86_400_000;

/** The metrics of an environment. A pure function; `docs/awareness.md` has the definitions. */
export function metricsOf({ environment, deployments, failedUpdates, window }: MetricFacts): Metrics {
  const real = deployments.filter(({ override }) => override !== TRIED);
  const inOrder = real.toSorted((a, b) => a.begun.getTime() - b.begun.getTime());
  const isIn = (at: Date | undefined): boolean => at !== undefined && at > window.from && at <= window.to;
  const verified = inOrder.filter((one) => isIn(one.verified));
  const judged = inOrder.map((one, index) => ({
    one,
    failed: hasFailed(inOrder, index, failedUpdates ?? []),
  }));
  const began = judged.filter(({ one }) => isIn(one.begun) && one.outcome !== "open" && !one.isRollback);
  const failed = began.filter((each) => each.failed);
  const days = (window.to.getTime() - window.from.getTime()) / DAY_MS;
  return {
    ...{ environment, from: window.from, to: window.to },
    deployments: verified.length,
    deploymentsPerDay: days > 0 ? verified.length / days : 0,
    leadTime: timesOf(verified.flatMap(leadMs)),
    ...{ changes: began.length, failures: failed.length },
    changeFailureRate: began.length === 0 ? undefined : failed.length / began.length,
    timeToRestore: timesOf(failed.flatMap(({ one }) => restoreMs(inOrder, one))),
    failedUpdates: failedUpdates?.filter(({ ended }) => isIn(ended)).length,
  };
}

/**
 * A deployment has failed when another one followed before it was verified, when the next one was a way back, or when
 * an update for it failed before it was verified.
 */
export function hasFailed(
  inOrder: readonly Deployment[],
  index: number,
  failedUpdates: readonly FailedUpdate[],
): boolean {
  const one = inOrder[index];
  if (one === undefined) return false;
  const { outcome, release, begun, verified } = one;
  if (outcome === "failed" || inOrder[index + 1]?.isRollback === true) return true;
  return failedUpdates.some(
    (update) =>
      update.release === release &&
      update.ended >= begun &&
      verified !== undefined &&
      update.ended < verified,
  );
}

function leadMs({ verified, changes }: DeploymentWithChanges): number[] {
  if (verified === undefined || changes.length === 0) return [];
  const oldest = Math.min(...changes.map(({ committed }) => committed.getTime()));
  return [Math.max(0, verified.getTime() - oldest)];
}

/** Until the first mark after it began, of itself or of what followed; of a way back, when it was that one's. */
function restoreMs(inOrder: readonly Deployment[], failed: Deployment): number[] {
  const start = inOrder.indexOf(failed);
  const own = inOrder[start + 1]?.isRollback === true ? start + 1 : start;
  const next = inOrder.slice(own).find(({ verified }) => verified !== undefined)?.verified;
  return next === undefined ? [] : [next.getTime() - failed.begun.getTime()];
}

/** Percentiles by the nearest rank. */
export function timesOf(lengthsMs: readonly number[]): Times {
  const sorted = lengthsMs.toSorted((a, b) => a - b);
  const rank = (share: number): number | undefined => {
    const ms = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
    return ms === undefined ? undefined : ms / 1000;
  };
  return { count: sorted.length, medianSeconds: rank(0.5), p90Seconds: rank(0.9) };
}
