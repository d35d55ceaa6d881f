import { percent } from "./results.ts";
import type { Result } from "./results.ts";

const HEAD = [
  "# Benchmarks, as measured",
  "",
  "`npm run bench` writes this file. The targets are ratios against what runs beside in turn, on the same machine; what",
  "each row means is told in [README.md](README.md).",
  "",
  "![How far each target is met](chart.svg)",
];

const COLUMNS = ["Row", "What", "Ours", "Peer", "", "Target", "Holds", "Runs", "p90", "Peak MiB", "Machine"];

/** `RESULTS.md`: a line for each result, and what took part. */
export function resultsMarkdown(results: readonly Result[]): string {
  const lines = results.map((result) => cellsOf(result).map(escaped));
  const table = [COLUMNS, COLUMNS.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`);
  return [...HEAD, "", ...table, "", ...noteOf(results), ...versionsOf(results), ""].join("\n");
}

function cellsOf(result: Result): string[] {
  const { id, metric, unit, ours, peer, peerName, ratio, target, timed } = result;
  const verdict = target === "" ? "" : { true: "yes", false: "**no**" }[String(result.holds)]!;
  return [
    ...[id, metric, `${ours} ${unit}`, `${peerName}: ${peer} ${unit}`, target === "" ? "" : String(ratio)],
    ...[target, verdict, String(timed?.runs ?? ""), pair(timed?.p90), pair(timed?.peakMiB), machineOf(timed)],
  ];
}

function pair(figures: { readonly ours: number; readonly peer: number } | undefined): string {
  return figures === undefined ? "" : `${figures.ours} / ${figures.peer}`;
}

function machineOf(timed: Result["timed"]): string {
  if (timed === undefined) return "";
  const { moved, quiet } = timed.control;
  return quiet ? "quiet" : `loaded: ${percent(moved)}`;
}

const escaped = (cell: string): string => cell.replaceAll("|", "\\|");

function noteOf(results: readonly Result[]): string[] {
  const loaded = results.filter(({ timed }) => timed !== undefined && !timed.control.quiet);
  if (loaded.length === 0) return [];
  return [
    `${loaded.length} of ${results.length} lines come from a loaded machine: the control loop was slower than at its best by`,
    "what the last column says, in spite of repeated rounds. Ratios of what ran in turn are still of use, times are not.",
    "",
  ];
}

function versionsOf(results: readonly Result[]): string[] {
  const all = new Map(results.flatMap(({ versions }) => Object.entries(versions)));
  if (all.size === 0) return [];
  const named = [...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, version]) => `${name} ${version}`);
  return [`Versions: ${named.join(", ")}.`];
}
