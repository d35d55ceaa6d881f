import type { Board, BoardCell, BoardRow } from "./model";
import { cellText, pendingText, rowNotes, sinceText, STATE_SIGNS } from "./words";

/** Gives a text a colour; the identity where there are none. */
export type BoardPaint = (style: "bold" | "dim" | "red" | "green" | "yellow", text: string) => string;

const HEADING = ["ENVIRONMENT", "CLUSTERS", "RELEASE", "AGE", "STATE", "PENDING"] as const;
/** How wide names of clusters may run before the rest is counted. */
const MAX_NAMES_WIDTH = 40;

/** The board for a terminal: a line for each group of clusters that stand alike. */
export function boardText(board: Board, paint: BoardPaint = (_style, text) => text): string {
  const groups = board.rows.map((row) => rowLines(row, board.made));
  const lines = [HEADING.map((text) => ({ text })), ...groups.flatMap(({ lines: own }) => own)];
  const widths = HEADING.map((_, column) => Math.max(...lines.map((line) => line[column]?.text.length ?? 0)));
  const show = (line: readonly Word[]): string =>
    line
      .map(({ text, style }, column) => {
        const padded = column === HEADING.length - 1 ? text : text.padEnd(widths[column] ?? 0);
        return style === undefined ? padded : paint(style, padded);
      })
      .join("  ")
      .trimEnd();
  const rows = groups.flatMap(({ lines: own, notes }) => [
    ...own.map(show),
    ...notes.map((note) => paint(noteStyle(note), `  ${note}`)),
  ]);
  const title = `${board.app} at ${board.made.toISOString().slice(0, 16)}Z`;
  const asked = board.live ? ", clusters asked" : "";
  return [paint("bold", `${title}${asked}`), "", paint("dim", show(lines[0]!)), ...rows].join("\n");
}

interface Word {
  readonly text: string;
  readonly style?: "red" | "green" | "yellow";
}

function noteStyle(note: string): "red" | "yellow" | "dim" {
  if (/^(block|its ledger)/.test(note)) return "red";
  return note.startsWith("fits") ? "dim" : "yellow";
}

interface RowLines {
  readonly lines: readonly (readonly Word[])[];
  readonly notes: readonly string[];
}

function rowLines(row: BoardRow, now: Date): RowLines {
  const lines = alike(row.cells, now).map((cells, index) => {
    const [cell] = cells;
    const pending = index === 0 ? pendingText(row.pending) : "";
    return [
      { text: index === 0 ? row.environment : "" },
      { text: namesText(cells.map(({ cluster }) => cluster)) },
      { text: cell?.release ?? "" },
      { text: cell === undefined ? "" : sinceText(cell, now) },
      stateWord(cell),
      { text: pending, ...pendingStyle(row, pending) },
    ];
  });
  return { lines, notes: rowNotes(row) };
}

/** Cells that stand alike, in the order of the first of each. */
function alike(cells: readonly BoardCell[], now: Date): readonly (readonly BoardCell[])[] {
  const groups = new Map<string, BoardCell[]>();
  for (const cell of cells) {
    const key = groupKey(cell, now);
    groups.set(key, [...(groups.get(key) ?? []), cell]);
  }
  return [...groups.values()];
}

function groupKey(cell: BoardCell, now: Date): string {
  return [cell.release, sinceText(cell, now), cellText(cell)].join("\n");
}

function stateWord(cell: BoardCell | undefined): Word {
  if (cell === undefined) return { text: "" };
  const text = `${STATE_SIGNS[cell.state]} ${cellText(cell)}`;
  if (cell.state === "verified") return { text, style: cell.isBehind ? "yellow" : "green" };
  return { text, style: cell.state === "open" || cell.state === "empty" ? "yellow" : "red" };
}

function pendingStyle({ pending }: BoardRow, text: string): Pick<Word, "style"> {
  if (text === "" || pending.outcome === undefined || pending.outcome === "pass") return {};
  return { style: pending.outcome === "block" ? "red" : "yellow" };
}

/** Names as far as they fit, and how many more there are. */
function namesText(names: readonly string[]): string {
  const shown: string[] = [];
  for (const name of names) {
    if ([...shown, name].join(", ").length > MAX_NAMES_WIDTH && shown.length > 0) break;
    shown.push(name);
  }
  const more = names.length - shown.length;
  return shown.join(", ") + (more > 0 ? ` and ${more} more` : "");
}
