import type { LedgerEntry } from "../ledger";
import { VERIFIED } from "../ledger/outcome/names";

/**
 * The override of what `delivery bisect` tries: no guard keeps away what is only tried, and as it runs on one cluster, with
 * the others held, it is never verified by that.
 */
export const TRIED = "delivery bisect";

/** What became of a deployment: `open` is one that no other has followed yet. */
export type DeploymentOutcome = "verified" | "failed" | "open";

/** One release on its way through an environment: its waves' commits, and the mark that it has succeeded. */
export interface Deployment {
  /** Id of the release. */
  readonly release: string;
  /** The commit that the release was made from. */
  readonly sourceCommit: string | undefined;
  /** When its first wave was told. */
  readonly begun: Date;
  /** When all of it had succeeded; undefined when it has not. */
  readonly verified: Date | undefined;
  readonly outcome: DeploymentOutcome;
  /** The clusters that were told, in that order. */
  readonly clusters: readonly string[];
  /** It was verified here before another one: a way back. */
  readonly isRollback: boolean;
  /** Why it went on over a guard that blocked it. */
  readonly override: string | undefined;
}

type Growing = { -readonly [Field in keyof Deployment]: Deployment[Field] };

/**
 * The deployments that a ledger's history tells of, the newest first. Edits by hand are none. What was followed by
 * another one before it was verified has failed, or was given up; the same release told to a cluster once more, after
 * it was verified or with other settings, is a deployment of its own.
 *
 * @param history the newest first, as a ledger has it.
 */
export function deploymentsOf(history: readonly LedgerEntry[]): Deployment[] {
  const deployments: Growing[] = [];
  const verified = new Set<string>();
  for (const entry of history.toReversed()) {
    if (entry.outcome === VERIFIED) verify(deployments.at(-1), entry, verified);
    else if (entry.release !== undefined && entry.clusters.length > 0) tell(deployments, entry, verified);
  }
  return deployments.toReversed();
}

function verify(last: Growing | undefined, { release, time }: LedgerEntry, verified: Set<string>): void {
  if (last === undefined || last.release !== release || last.outcome !== "open") return;
  if (last.override === TRIED) return;
  last.verified = time;
  last.outcome = "verified";
  verified.add(last.release);
}

function tell(deployments: Growing[], entry: LedgerEntry, verified: ReadonlySet<string>): void {
  const last = deployments.at(-1);
  if (last !== undefined && goesOn(last, entry)) extend(last, entry);
  else deployments.push(begin(entry, last, verified));
}

/** The next wave of the same release. */
function goesOn({ release, outcome, clusters }: Growing, entry: LedgerEntry): boolean {
  const isRepeated = entry.clusters.some((cluster) => clusters.includes(cluster));
  return release === entry.release && outcome === "open" && !isRepeated;
}

function extend(deployment: Growing, { clusters, override }: LedgerEntry): void {
  deployment.clusters = [...deployment.clusters, ...clusters];
  deployment.override ??= override;
}

function begin(entry: LedgerEntry, last: Growing | undefined, verified: ReadonlySet<string>): Growing {
  if (last?.outcome === "open") last.outcome = "failed";
  const release = entry.release ?? "";
  return {
    release,
    sourceCommit: entry.sourceCommit,
    begun: entry.time,
    verified: undefined,
    outcome: "open",
    clusters: entry.clusters,
    isRollback: verified.has(release) && last?.release !== release,
    override: entry.override,
  };
}

/**
 * Whether a delivery of a release is a way back: it was verified here, another one came after it, and now it comes again.
 * Running it once more does not change the answer.
 *
 * @param deployments the newest first.
 */
export function isWayBack(deployments: readonly Deployment[], release: string): boolean {
  const other = deployments.findIndex((one) => one.release !== release);
  return other !== -1 && verifiedTimes(deployments.slice(other), release) !== undefined;
}

/** When a release was first verified, and when last; undefined when it never was. */
export function verifiedTimes(
  deployments: readonly Deployment[],
  release: string,
): { readonly first: Date; readonly last: Date } | undefined {
  const times = deployments.flatMap((one) =>
    one.release === release && one.verified !== undefined ? [one.verified] : [],
  );
  const [last, first] = [times[0], times.at(-1)];
  return first === undefined || last === undefined ? undefined : { first, last };
}
