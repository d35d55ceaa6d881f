import type { LedgerEntry } from "../../../components/ledger";

export const START = Date.parse("2026-11-01T00:00:00Z");
export const at = (minutes: number): Date => new Date(START + minutes * 60_000);

let count = 0;

function entry(fields: Partial<LedgerEntry>): LedgerEntry {
  count += 1;
  return {
    commit: count.toString(16).padStart(40, "0"),
    tree: "0".repeat(40),
    time: at(0),
    author: "pulumi-delivery",
    subject: "deploy",
    clusters: [],
    release: undefined,
    stack: "shop/prod",
    contentHash: undefined,
    sourceCommit: undefined,
    outcome: undefined,
    override: undefined,
    ...fields,
  };
}

/** A wave's commit: release `r1` was made from the commit `r1r1…`. */
export function told(minutes: number, release: string, ...clusters: readonly string[]): LedgerEntry {
  return entry({ time: at(minutes), release, clusters, sourceCommit: release.repeat(20).slice(0, 40) });
}

/** The mark that the release has succeeded. */
export function verified(minutes: number, release: string): LedgerEntry {
  return entry({ time: at(minutes), release, outcome: "verified" });
}

/** An edit by hand. */
export function byHand(minutes: number, ...clusters: readonly string[]): LedgerEntry {
  return entry({ time: at(minutes), clusters, stack: undefined, subject: "fix it quickly" });
}
