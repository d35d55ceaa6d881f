/** Where a stack is in its agent's eyes: what is elsewhere is another one. */
export const PLACE = ["agent", "cluster", "namespace", "name"] as const;

/** A stack in a cluster, which may have had other names before. */
export type Placed = Readonly<Record<(typeof PLACE)[number], string>> & {
  readonly formerly?: readonly string[];
};

/** The fields that make it another one. A cluster that has another name now is the same. */
export function movedFields(olds: Placed, news: Placed): string[] {
  const isRenamed = news.formerly?.includes(olds.cluster) ?? false;
  return PLACE.filter((field) => olds[field] !== news[field] && !(field === "cluster" && isRenamed));
}
