import type { IgnoreRule } from "./ignore-file";

/** Which rules matched a folder: what is below it is judged with these. */
export type Matched = readonly boolean[];

export interface Verdict {
  readonly ignored: boolean;
  readonly matched: Matched;
}

const GLOB_CHARACTERS = /[*[\]?^\\]/;

/**
 * Judges a path, given what matched its folder (nothing for the context's root).
 * A rule that matched a folder holds for all below it, and the last rule that holds decides.
 */
export function judge(rules: readonly IgnoreRule[], path: string, parent: Matched = []): Verdict {
  const matched: boolean[] = [];
  let ignored = false;
  for (const [index, rule] of rules.entries()) {
    // A rule that would change nothing is not asked, and so not inherited: Docker does the same.
    const holds = parent[index] === true || (rule.keeps === ignored && rule.matches(path));
    matched.push(holds);
    if (holds) ignored = !rule.keeps;
  }
  return { ignored, matched };
}

/** Whether something below an ignored folder may be kept, so that it has to be looked into. */
export function mayKeepBelow(rules: readonly IgnoreRule[], folder: string): boolean {
  const prefixes = rules.filter(({ keeps }) => keeps).map(({ pattern }) => pattern.replace(/\/\*\*?$/, ""));
  return prefixes.some((prefix) => GLOB_CHARACTERS.test(prefix) || `${prefix}/`.startsWith(`${folder}/`));
}
