import type { Candidate, CommitChange, GuardContext, Promotion } from "../../../components/guards";

export const NOW = new Date("2026-11-25T12:00:00Z");
export const HOUR = 3_600_000;

/** A moment before now. */
export const ago = (hours: number): Date => new Date(NOW.getTime() - hours * HOUR);

/** As many commits, one an hour, the newest an hour old. */
export function commits(count: number): CommitChange[] {
  return Array.from({ length: count }, (_, index) => {
    const commit = (index + 1).toString(16).padStart(40, "0");
    const files = ["app/main.go"];
    return { kind: "commit", commit, subject: `change ${index}`, author: "a", time: ago(index + 1), files };
  });
}

/** A release that is ahead and verified upstream two days ago. */
export function candidate(fields: Partial<Candidate> = {}): Candidate {
  return {
    id: "shop-000000000001",
    commit: "b".repeat(40),
    verifiedUpstream: ago(48),
    verifiedHere: undefined,
    relation: "ahead",
    changes: commits(3),
    ...fields,
  };
}

export function promotion(fields: Partial<Promotion> = {}): Promotion {
  return {
    environment: "prod",
    from: "staging",
    now: NOW,
    current: { id: "shop-000000000000", commit: "a".repeat(40) },
    target: candidate(),
    candidates: [],
    hold: undefined,
    ...fields,
  };
}

export function context(fields: Partial<GuardContext> = {}): GuardContext {
  const { environment, from, now, current, target, hold } = promotion();
  return { environment, from, now, current, target, hold, ...fields };
}
