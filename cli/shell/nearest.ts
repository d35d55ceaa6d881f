/** How many letters may differ for a word to be taken for another one. */
const MAX_DISTANCE = 3;

/** The word that was probably meant; undefined when none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const near = known.map((each) => ({ each, distance: distanceOf(word, each) }));
  const [best] = near.sort((a, b) => a.distance - b.distance);
  if (best === undefined || best.distance > Math.min(MAX_DISTANCE, word.length / 2)) return undefined;
  return best.each;
}

/** Letters to add, remove or change (Levenshtein). */
function distanceOf(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      next.push(Math.min(next[j]! + 1, row[j + 1]! + 1, row[j]! + (letter === other ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
