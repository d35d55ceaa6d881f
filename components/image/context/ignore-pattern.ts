/** Whether a path below the context, with forward slashes, is meant by a pattern. */
export type PathTest = (path: string) => boolean;

const WORD = /[A-Za-z0-9\u0080-\u{10ffff}]/u;
const MEMBER = "(?:[^\\\\\\]*?[-]|\\\\[^A-Za-z0-9\\u0080-\\u{10ffff}])";
/** A class with plain members only: what else stands in one means different things to Docker and to a shell. */
const CLASS = new RegExp(`^\\[(?:\\^|(?!\\^))(?:${MEMBER}(?:-${MEMBER})?)+\\]`, "u");
/** Docker does not escape braces either; they stand for themselves unless they read as a count. */
const COUNT = /\{\d+(?:,\d*)?\}/;
/** What makes Docker compare by a regular expression instead of by the text. */
const GLOB = /^[*?[\]\\]/;

/**
 * The test for one cleaned pattern of a `.dockerignore` file; undefined for a pattern that Docker refuses, and for
 * one whose meaning is an accident of its regular expressions (`\d`, `[*]`).
 * The same verdict as github.com/moby/patternmatcher, which Docker and BuildKit use.
 */
export function compilePattern(pattern: string): PathTest | undefined {
  const parts = splitPattern(pattern);
  if (parts === undefined) return undefined;
  const [first = "", ...rest] = parts;
  if (isText(parts)) return (path) => path === pattern;
  if (first.startsWith("**") && isText(rest)) return endsWith(pattern.slice(2));
  if (parts.at(-1)?.startsWith("**") === true && isText(parts.slice(0, -1))) {
    return (path) => path.startsWith(pattern.slice(0, -2));
  }
  if (COUNT.test(pattern)) return undefined;
  return matches(parts.map((part, index) => expression(part, index === parts.length - 1)).join(""));
}

function isText(parts: readonly string[]): boolean {
  return !parts.some((part) => GLOB.test(part));
}

function endsWith(suffix: string): PathTest {
  return (path) => path.endsWith(suffix) || (suffix.startsWith("/") && path === suffix.slice(1));
}

/** Undefined when a class has a range that runs backwards. */
function matches(source: string): PathTest | undefined {
  try {
    const regexp = new RegExp(`^${source}$`, "u");
    return (path) => regexp.test(path);
  } catch {
    return undefined;
  }
}

/** The pattern as characters, classes, escapes and stars; undefined when a part of it cannot be followed. */
function splitPattern(pattern: string): string[] | undefined {
  const parts: string[] = [];
  for (let rest = pattern; rest !== "";) {
    const part = nextPart(rest);
    if (part === undefined) return undefined;
    parts.push(part);
    rest = rest.slice(part.length);
  }
  return parts;
}

function nextPart(rest: string): string | undefined {
  const stars = /^\*\*\/?/.exec(rest);
  if (stars !== null) return stars[0];
  if (rest.startsWith("[")) return CLASS.exec(rest)?.[0];
  const [character = "", escaped] = rest;
  if (character !== "\\") return character;
  return escaped === undefined || WORD.test(escaped) ? undefined : `\\${escaped}`;
}

function expression(part: string, isLast: boolean): string {
  if (part.startsWith("**")) return isLast ? "[^\\n]*" : "(?:[^\\n]*/)?";
  if (part === "*") return "[^/]*";
  if (part === "?") return "[^/]";
  if (part.startsWith("[")) return classExpression(part);
  if (part.startsWith("\\")) return literal(part.slice(1));
  // Docker does not escape these beside a wildcard: "^" anchors there, and "|" means "or".
  return part === "^" || part === "|" ? part : literal(part);
}

function classExpression(part: string): string {
  const start = part.startsWith("[^") ? "[^" : "[";
  const members = part.slice(start.length, -1);
  return `${start}${members.replace(/\\?([^-])/gu, (_, member: string) => literal(member))}]`;
}

/** A character that stands for itself, in a class and outside of one. */
function literal(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
