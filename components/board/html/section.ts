import type { BoardCell, BoardRow, CellState } from "../model";
import { cellText, pendingText, rowNotes, sinceText, STATE_SIGNS } from "../words";
import { escaped, timeElement } from "./escape";
import { timeline } from "./timeline";

/** Anchor of an environment's section. */
export const sectionId = (index: number): string => `environment-${index + 1}`;

const STATE_STYLES: Readonly<Record<CellState, string>> = {
  verified: "good",
  open: "warn",
  failed: "bad",
  empty: "plain",
  differs: "bad",
  unreachable: "bad",
};

/** An environment: what waits, what is to be known, its clusters and its deployments. */
export function rowSection(row: BoardRow, index: number, now: Date): string {
  const id = sectionId(index);
  const notes = rowNotes(row).map((note) => `<li class="${noteStyle(note)}">${escaped(note)}</li>`);
  return `<section id="${id}" aria-labelledby="${id}-name">
<div class="head">
<h2 id="${id}-name">${escaped(row.environment)}</h2>
<p class="muted">from ${escaped(row.from)}, by ${escaped(row.mode)}</p>
<p class="pending ${pendingStyle(row)}"><span class="label">Pending</span> ${escaped(pendingText(row.pending))}</p>
</div>
${notes.length > 0 ? `<ul class="notes" aria-label="To be known">${notes.join("")}</ul>` : ""}
<ul class="cells" aria-label="Clusters of ${escaped(row.environment)}">
${row.cells.map((cell) => cellItem(cell, now)).join("\n")}
</ul>
${timeline(row.timeline, now)}
</section>`;
}

function noteStyle(note: string): string {
  if (/^(block|its ledger)/.test(note)) return "bad";
  return note.startsWith("fits") ? "good" : "warn";
}

function pendingStyle({ pending }: BoardRow): string {
  if (pending.outcome === "block") return "bad";
  if (pending.outcome === "warn" || pending.note !== undefined) return "warn";
  return pending.changes + pending.releases > 0 ? "news" : "plain";
}

function cellItem(cell: BoardCell, now: Date): string {
  const style = cell.state === "verified" && cell.isBehind ? "warn" : STATE_STYLES[cell.state];
  const told = cell.since === undefined ? "" : `<span class="muted">${ageElement(cell, now)}</span>`;
  return `<li class="cell ${style}">
<div class="line"><strong>${escaped(cell.cluster)}</strong> <span class="release">${escaped(cell.release ?? "none")}</span></div>
<div class="line"><span class="state"><span aria-hidden="true">${STATE_SIGNS[cell.state]}</span> ${escaped(cellText(cell))}</span>${told}</div>
</li>`;
}

function ageElement({ since }: BoardCell, now: Date): string {
  if (since === undefined) return "";
  return `${sinceText({ since }, now)}<span class="hidden"> since ${timeElement(since)}</span>`;
}
