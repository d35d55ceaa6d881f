import type { Deployment } from "../history";

/** What a try of one release says. `undecided`: it could be neither, as when it cannot be rendered any more. */
export type TryOutcome = "good" | "bad" | "undecided";

/** What halving found. */
export interface BisectResult<Item> {
  /** The first bad one. */
  readonly bad: Item;
  /** What was tried, in that order. */
  readonly tried: readonly { readonly item: Item; readonly outcome: TryOutcome }[];
  /** Undecided ones right before the first bad one: it may as well be one of these. */
  readonly suspects: readonly Item[];
}

/**
 * Finds the first bad one of a list that begins good and turns bad once, in halves: of 15 it tries 4 at most. The last
 * one is known to be bad and is not tried; what could not be decided is passed over for its neighbour.
 *
 * @param items the oldest first, at least one.
 */
export async function bisect<Item>(
  items: readonly Item[],
  tryOne: (item: Item, left: number) => Promise<TryOutcome>,
): Promise<BisectResult<Item>> {
  const tried: { item: Item; outcome: TryOutcome }[] = [];
  let open = items.slice(0, -1);
  let bad = items.at(-1)!;
  while (open.length > 0) {
    const item = open[Math.floor((open.length - 1) / 2)]!;
    const outcome = await tryOne(item, triesFor(open.length));
    tried.push({ item, outcome });
    const at = open.indexOf(item);
    if (outcome === "bad") [bad, open] = [item, open.slice(0, at)];
    else if (outcome === "good") open = open.slice(at + 1);
    else open = open.filter((other) => other !== item);
  }
  return { bad, tried, suspects: suspectsOf(items, { bad, tried }) };
}

/** How many tries a list of that many open ones takes at most, when all can be decided. */
export function triesFor(open: number): number {
  return Math.ceil(Math.log2(open + 1));
}

/** The undecided ones after the last good one and before the first bad one. */
function suspectsOf<Item>(
  items: readonly Item[],
  { bad, tried }: Omit<BisectResult<Item>, "suspects">,
): Item[] {
  const those = (wanted: TryOutcome): Item[] =>
    tried.filter(({ outcome }) => outcome === wanted).map(({ item }) => item);
  const good = those("good").map((item) => items.indexOf(item));
  const between = items.slice(Math.max(-1, ...good) + 1, items.indexOf(bad));
  return between.filter((item) => those("undecided").includes(item));
}

/**
 * The releases that a bad batch contains: those that the upstream has verified after the good one, up to the bad one,
 * the oldest first. Undefined when the upstream's history does not have both.
 */
export function batchBetween(
  upstream: readonly Deployment[],
  good: string,
  bad: string,
): string[] | undefined {
  const verified = upstream.filter((one) => one.verified !== undefined).toReversed();
  const ids = verified.map(({ release }) => release);
  const end = ids.lastIndexOf(bad);
  const start = ids.lastIndexOf(good, end);
  if (start === -1 || end <= start) return undefined;
  return [...new Set(ids.slice(start + 1, end + 1))].filter((id) => id !== good);
}
