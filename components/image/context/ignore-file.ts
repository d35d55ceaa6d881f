import { posix } from "node:path";
import { compilePattern } from "./ignore-pattern";
import type { PathTest } from "./ignore-pattern";

/** One line of a `.dockerignore` file. */
export interface IgnoreRule {
  readonly pattern: string;
  /** Whether it takes back what earlier lines ignore (`!keep.txt`). */
  readonly keeps: boolean;
  readonly matches: PathTest;
}

export interface IgnoreFile {
  readonly rules: readonly IgnoreRule[];
  /** Sentences about lines that cannot be followed, each with its line number. */
  readonly problems: readonly string[];
}

/** White space of Go's `strings.TrimSpace`, which is not that of JavaScript's `trim`. */
const SPACE = "[\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+";
const SPACE_AROUND = new RegExp(`^${SPACE}|${SPACE}$`, "g");

/** Reads the text of a `.dockerignore` file as github.com/moby/patternmatcher does for Docker and BuildKit. */
export function readIgnoreFile(text: string): IgnoreFile {
  const rules: IgnoreRule[] = [];
  const problems: string[] = [];
  for (const [index, line] of text
    .replace(/^\ufeff/, "")
    .split("\n")
    .entries()) {
    const entry = line.startsWith("#") ? "" : trim(relative(trim(line)));
    if (entry === "") continue;
    const rule = readRule(clean(entry));
    if (rule === undefined) problems.push(`line ${index + 1}: ${JSON.stringify(entry)} is no pattern`);
    else rules.push(rule);
  }
  return { rules, problems };
}

/** `/a` and `a` mean the same, and so do `!/a` and `!a`. */
function relative(line: string): string {
  const mark = line.startsWith("!") ? "!" : "";
  const pattern = clean(mark === "" ? line : trim(line.slice(1)));
  return mark + (pattern.length > 1 ? pattern.replace(/^\//, "") : pattern);
}

function readRule(entry: string): IgnoreRule | undefined {
  const keeps = entry.startsWith("!");
  const pattern = keeps ? entry.slice(1) : entry;
  const matches = pattern === "" ? undefined : compilePattern(pattern);
  return matches && { pattern, keeps, matches };
}

function trim(text: string): string {
  return text.replaceAll(SPACE_AROUND, "");
}

/** Go's `filepath.Clean`; what is empty stays empty. */
function clean(path: string): string {
  const normal = path === "" ? "" : posix.normalize(path);
  return normal.length > 1 && normal.endsWith("/") ? normal.slice(0, -1) : normal;
}
