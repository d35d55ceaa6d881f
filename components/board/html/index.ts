import type { Board, CellState } from "../model";
import { count } from "../words";
import { escaped, timeElement } from "./escape";
import { rowSection, sectionId } from "./section";
import { STYLE } from "./style";

/** From as many environments on, the page has a list of them to jump to. */
const MIN_JUMPS = 4;

/**
 * The board as one page that stands alone: no script, no font, no image, no request to anywhere. The policy in it
 * forbids what the page does not need, whatever a commit's subject says.
 */
export function boardHtml(board: Board): string {
  const title = `${escaped(board.app)}: what runs where`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${escaped(board.app)}</h1>
<p class="muted">What runs where, ${timeElement(board.made)}. ${sourceText(board)}</p>
${summary(board)}
${jumps(board)}
</header>
<main>
${board.rows.map((row, index) => rowSection(row, index, board.made)).join("\n")}
</main>
<footer class="muted"><p>${LEGEND}</p></footer>
</body>
</html>
`;
}

const LEGEND =
  "✓ verified: every cluster has succeeded. … told, not verified yet. ✗ failed. ≠ the cluster says something else. ! unreachable. ○ nothing yet.";

function sourceText({ live }: Board): string {
  return live ? "The clusters were asked." : "From the ledger; the clusters were not asked.";
}

function summary({ rows }: Board): string {
  const cells = rows.flatMap((row) => row.cells);
  const number = (state: CellState): number => cells.filter((cell) => cell.state === state).length;
  const held = rows.filter(({ hold }) => hold !== undefined).length;
  const facts: readonly (readonly [text: string, style: string, isShown: boolean])[] = [
    [count(rows.length, "environment"), "plain", true],
    [count(cells.length, "cluster"), "plain", true],
    [`${number("verified")} verified`, "good", true],
    [`${number("failed")} failed`, "bad", number("failed") > 0],
    [count(number("differs"), "difference"), "bad", number("differs") > 0],
    [`${number("unreachable")} unreachable`, "bad", number("unreachable") > 0],
    [`${held} held`, "warn", held > 0],
  ];
  const items = facts.filter(([, , isShown]) => isShown);
  return `<ul class="chips" aria-label="In short">${items
    .map(([text, style]) => `<li class="chip ${style}">${text}</li>`)
    .join("")}</ul>`;
}

function jumps({ rows }: Board): string {
  if (rows.length < MIN_JUMPS) return "";
  const links = rows.map(({ environment }, index) => {
    return `<li><a href="#${sectionId(index)}">${escaped(environment)}</a></li>`;
  });
  return `<nav aria-label="Environments"><ul class="jumps">${links.join("")}</ul></nav>`;
}
