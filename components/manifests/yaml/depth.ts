import type { CST } from "yaml";
import { isLate } from "../late";

/** The sentence about nesting beyond a limit. */
export function tooDeep(limit: number): string {
  return `nesting is deeper than ${limit} levels; make it flatter`;
}

/**
 * Where a document's text is nested deeper than so many levels; undefined where it is not. Without recursion, since the
 * text may be nested as deep as it is long.
 */
export function tooDeepAt(document: CST.Token, limit: number): number | undefined {
  if (document.type !== "document") return undefined;
  const open: (readonly [token: CST.Token | null | undefined, depth: number])[] = [[document.value, 0]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [token, depth] = next;
    if (token === null || token === undefined || !("items" in token)) continue;
    if (depth > limit) return token.offset;
    for (const { key, value } of token.items) open.push([key, depth + 1], [value, depth + 1]);
  }
  return undefined;
}

/** Whether a value is nested deeper than so many levels, as one is that contains itself. */
export function isDeeper(value: unknown, limit: number): boolean {
  if (typeof value !== "object" || value === null || isLate(value)) return false;
  if (limit < 0) return true;
  const fields = Array.isArray(value) ? (value as readonly unknown[]) : Object.values(value);
  return fields.some((field) => isDeeper(field, limit - 1));
}
