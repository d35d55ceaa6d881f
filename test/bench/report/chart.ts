import type { Result } from "./results.ts";

const WIDTH = 860;
const LEFT = 430;
const RIGHT = 60;
const LINE = 22;
const TOP = 44;
const BAR = 14;
/** What the axis shows: from a tenth of a target to a hundred times better than it. */
const DECADES = [-1, 0, 1, 2] as const;
const COLOURS = { met: "#2e7d32", missed: "#c62828", axis: "#9e9e9e", text: "#212121" };

/** A bar for each target: how many times better than it the result is, on a logarithmic axis. */
export function resultsChart(results: readonly Result[]): string {
  const shown = results.flatMap((result) =>
    result.margin === undefined ? [] : [{ ...result, margin: result.margin }],
  );
  const height = TOP + shown.length * LINE + 12;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    `<text x="10" y="18" fill="${COLOURS.text}">How many times better than its target each result is: right of 1, it holds</text>`,
    ...DECADES.map((decade) => axisLine(decade, height)),
    ...shown.map((result, index) => bar(result, TOP + index * LINE)),
    "</svg>",
    "",
  ].join("\n");
}

function axisLine(decade: number, height: number): string {
  const x = place(10 ** decade);
  return (
    `<line x1="${x}" x2="${x}" y1="${TOP - 6}" y2="${height - 8}" stroke="${COLOURS.axis}" stroke-width="${decade === 0 ? 2 : 0.5}"/>` +
    `<text x="${x}" y="${TOP - 10}" text-anchor="middle" fill="${COLOURS.axis}">${10 ** decade}</text>`
  );
}

function bar({ id, metric, margin, holds }: Result & { readonly margin: number }, y: number): string {
  const [one, end] = [place(1), place(margin)];
  const colour = holds ? COLOURS.met : COLOURS.missed;
  const [x, width] = [Math.min(one, end), Math.max(Math.abs(end - one), 2)];
  return (
    `<text x="${LEFT - 70}" y="${y + BAR - 3}" text-anchor="end" fill="${COLOURS.text}">${escaped(`${id} ${metric}`)}</text>` +
    `<rect x="${x}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" fill="${colour}"/>`
  );
}

/** Where a margin lies across the chart. */
function place(margin: number): number {
  const [first, last] = [DECADES[0], DECADES[DECADES.length - 1]!];
  const decade = Math.min(Math.max(Math.log10(margin), first), last);
  return Number((LEFT - 50 + ((decade - first) / (last - first)) * (WIDTH - LEFT + 50 - RIGHT)).toFixed(1));
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
