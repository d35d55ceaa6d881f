import type { Comparison, Finding, Target } from "../contract.ts";

/** What is compared with what in a comparison, and what has to hold. */
export interface TimeQuestion {
  readonly metric: string;
  readonly ours: string;
  readonly peer: string;
  readonly target?: Target;
}

/** Median times of two contestants. */
export function timeFinding(comparison: Comparison, question: TimeQuestion): Finding {
  const timed = timedOf(comparison, question);
  const figures = { unit: "ms", ours: timed.ours.median, peer: timed.peer.median };
  return { ...headOf(question), ...figures, timed };
}

/** Most memory of two contestants. */
export function memoryFinding(comparison: Comparison, question: TimeQuestion): Finding {
  const timed = timedOf(comparison, question);
  const [ours, peer] = [timed.ours.peakMiB, timed.peer.peakMiB];
  if (ours === undefined || peer === undefined)
    throw new Error(`${question.metric}: memory was not measured.`);
  return { ...headOf(question), unit: "MiB", ours, peer, timed };
}

function timedOf(comparison: Comparison, { ours, peer }: TimeQuestion): NonNullable<Finding["timed"]> {
  return { ours: comparison.of(ours), peer: comparison.of(peer), control: comparison.control };
}

function headOf({ metric, peer, target }: TimeQuestion): Pick<Finding, "metric" | "peerName" | "target"> {
  return { metric, peerName: peer, ...(target === undefined ? {} : { target }) };
}

/** What a target looks at: a ratio, a difference or our figure. */
export function ratioOf({ ours, peer, target }: Pick<Finding, "ours" | "peer" | "target">): number {
  switch (target?.of) {
    case "faster":
      return peer / ours;
    case "more":
      return ours - peer;
    case "ours":
      return ours;
    default:
      return ours / peer;
  }
}

/** Whether a finding meets its target; one without a target has nothing to meet. */
export function holds(finding: Pick<Finding, "ours" | "peer" | "target">): boolean {
  const ratio = ratioOf(finding);
  switch (finding.target?.is) {
    case undefined:
      return true;
    case "at most":
      return ratio <= finding.target.value;
    case "at least":
      return ratio >= finding.target.value;
    case "exactly":
      return ratio === finding.target.value;
  }
}
