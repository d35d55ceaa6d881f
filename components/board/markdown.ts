import type { Board, BoardRow } from "./model";
import { cellText, pendingText, rowNotes, sinceText, STATE_SIGNS } from "./words";

/** The board as a Markdown table, as a job summary shows it: a row for each cluster. */
export function boardMarkdown(board: Board): string {
  const heading = ["Environment", "Cluster", "Release", "Age", "State", "Pending"];
  const rows = board.rows.flatMap((row) => tableRows(row, board.made));
  const notes = board.rows.flatMap((row) =>
    rowNotes(row).map((note) => `- **${escaped(row.environment)}** ${escaped(note)}`),
  );
  const title = `### ${escaped(board.app)}: what runs where, ${board.made.toISOString().slice(0, 16)}Z`;
  const table = [line(heading), line(heading.map(() => "---")), ...rows.map(line)];
  return [title, "", ...table, ...(notes.length > 0 ? ["", ...notes] : [])].join("\n");
}

const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

function tableRows(row: BoardRow, now: Date): string[][] {
  return row.cells.map((cell, index) => [
    index === 0 ? `**${escaped(row.environment)}**` : "",
    escaped(cell.cluster),
    cell.release === undefined ? "" : `\`${cell.release}\``,
    sinceText(cell, now),
    `${STATE_SIGNS[cell.state]} ${escaped(cellText(cell))}`,
    index === 0 ? escaped(pendingText(row.pending)) : "",
  ]);
}

/** What was written elsewhere stays text: no table cell, mark-up, link or mention is made of it. */
function escaped(text: string): string {
  return text
    .replaceAll(/\s+/g, " ")
    .replaceAll(/[\\`*_{}[\]<>()#|~!]/g, (sign) => `\\${sign}`)
    .replaceAll("@", "@\u200b");
}
