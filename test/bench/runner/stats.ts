/** The value below which the given share of the others lie, between neighbours where it falls between them. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  if (below === undefined || above === undefined) throw new Error("There is no percentile of nothing.");
  return below + (above - below) * (place - Math.floor(place));
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);

/** A size of the work, and what it cost. */
export interface Point {
  readonly size: number;
  readonly cost: number;
}

/** How cost grows with size: 1 is in proportion, 2 with its square. */
export function exponent(small: Point, large: Point): number {
  if (small.size >= large.size) throw new Error("An exponent needs a larger size than the small one.");
  return Math.log(large.cost / small.cost) / Math.log(large.size / small.size);
}
