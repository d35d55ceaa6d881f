import type { Control, Finding, Target } from "../contract.ts";
import { holds, ratioOf } from "../runner/index.ts";

/** One line of `results.json`. */
export interface Result {
  /** The row, as `B1`. */
  readonly id: string;
  readonly metric: string;
  readonly ours: number;
  readonly peer: number;
  readonly peerName: string;
  /** What the target looks at: a ratio, a difference or a figure of ours. */
  readonly ratio: number;
  /** In words; empty for a figure that has nothing to meet. */
  readonly target: string;
  readonly holds: boolean;
  /** Of everything that took part. */
  readonly versions: Readonly<Record<string, string>>;
  /** Of `ours` and `peer`. */
  readonly unit: string;
  /** How far above what it has to be at least, or below what it may be at most: 1 is just met. */
  readonly margin?: number;
  readonly timed?: {
    readonly runs: number;
    /** In milliseconds. */
    readonly p90: { readonly ours: number; readonly peer: number };
    /** In MiB; absent where it was not measured. */
    readonly peakMiB?: { readonly ours: number; readonly peer: number };
    readonly control: Control;
  };
}

export function toResult(id: string, finding: Finding, versions: Result["versions"]): Result {
  const { metric, ours, peer, peerName, target, unit, timed } = finding;
  return {
    ...{ id, metric, ours: rounded(ours), peer: rounded(peer), peerName },
    ...{
      ratio: rounded(ratioOf(finding)),
      target: targetText(target),
      holds: holds(finding),
      versions,
      unit,
    },
    ...(target === undefined ? {} : { margin: rounded(marginOf(finding, target)) }),
    ...(timed === undefined ? {} : { timed: timedOf(timed) }),
  };
}

function timedOf({ ours, peer, control }: NonNullable<Finding["timed"]>): NonNullable<Result["timed"]> {
  const memory =
    ours.peakMiB === undefined || peer.peakMiB === undefined
      ? {}
      : { peakMiB: { ours: rounded(ours.peakMiB), peer: rounded(peer.peakMiB) } };
  return {
    runs: ours.runs,
    p90: { ours: rounded(ours.p90), peer: rounded(peer.p90) },
    ...memory,
    control: { moved: rounded(control.moved), quiet: control.quiet },
  };
}

/** At most 4 significant digits: what is beyond them is noise. */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

export function targetText(target: Target | undefined): string {
  if (target === undefined) return "";
  const { of, is, value, unit } = target;
  const limit = { "at most": "≤", "at least": "≥", exactly: "=" }[is];
  switch (of) {
    case "slower":
      return `${limit} ${value} ×`;
    case "faster":
      return `${limit} ${value} × better`;
    case "more":
      return `${limit} +${value} ${unit ?? ""}`.trim();
    case "ours":
      return `${limit} ${value} ${unit ?? ""}`.trim();
  }
}

/** Bounds of the margin: beyond them it says nothing more. */
const MOST_MARGIN = 1000;

function marginOf(finding: Finding, { is, value }: Target): number {
  const ratio = ratioOf(finding);
  if (is === "exactly") return ratio === value ? 1 : 1 / MOST_MARGIN;
  const margin = is === "at most" ? value / Math.max(ratio, value / MOST_MARGIN) : ratio / value;
  return Math.min(Math.max(margin, 1 / MOST_MARGIN), MOST_MARGIN);
}

/** The results of an earlier run with those of this one in the place of the same rows, in order of the rows. */
export function merged(earlier: readonly Result[], now: readonly Result[]): Result[] {
  const ran = new Set(now.map(({ id }) => id));
  const order = (id: string): number => Number(id.replace(/\D/g, ""));
  return [...earlier.filter(({ id }) => !ran.has(id)), ...now].sort(
    (a, b) => order(a.id) - order(b.id) || (a.id < b.id ? -1 : Number(a.id > b.id)),
  );
}

/** The one line that a run prints of a result. */
export function resultLine({
  id,
  metric,
  unit,
  ours,
  peer,
  peerName,
  ratio,
  target,
  ...rest
}: Result): string {
  const verdict = { true: "holds", false: "MISSED" }[String(rest.holds) as "true" | "false"];
  const against = target === "" ? "" : `  ${ratio} (${target}) ${verdict}`;
  const control = rest.timed?.control;
  const noise =
    control === undefined || control.quiet ? "" : `  void: control moved ${percent(control.moved)}`;
  return `${id}  ${metric}: ours ${ours} ${unit}, ${peerName} ${peer} ${unit}${against}${noise}`;
}

export const percent = (share: number): string => `${Math.round(share * 100)} %`;
