import type { Document, LineCounter } from "yaml";
import { throwIfAny } from "../../mistake";
import { ValueBuilder } from "./build";
import { tooDeep, tooDeepAt } from "./depth";
import { MAX_DEPTH, MAX_DOCUMENT_LENGTH, MAX_YAML_BYTES, MAX_YAML_OBJECTS } from "./limits";
import { takeQuoted } from "./quoted";
import type { QuotedTexts } from "./quoted";
import { libraries } from "../../libraries";

/** Where a text came from, as messages name it. */
export interface YamlSource {
  /** A path, or the call that made it. */
  readonly origin: string;
}

/**
 * The documents of a text as kubectl and helm read them (see `plainScalar`); empty ones are left out.
 * Refused, quickly and with all problems at once: what is no YAML, keys given twice, tags, aliases in a circle or too
 * many, nesting and sizes beyond the limits.
 *
 * @throws Mistake that names origin, line and column of each problem.
 */
export function parseYaml(text: string, { origin }: YamlSource): unknown[] {
  const what = `Reading ${origin}`;
  throwIfAny(what, checkSize(text));
  const lines = new libraries.yaml.LineCounter();
  const quoted: QuotedTexts = new WeakMap();
  const build = new ValueBuilder(lines, quoted);
  const syntax: string[] = [];
  const objects: unknown[] = [];
  const place = { lines, quoted, problems: syntax };
  for (const document of withinStack(documentsOf(text, place), lines, syntax)) {
    syntax.push(...syntaxProblems(document, lines));
    const value = syntax.length > 0 ? null : build.document(document.contents);
    if (value !== null) objects.push(value);
  }
  throwIfAny(what, syntax);
  throwIfAny(what, build.problems);
  throwIfAny(what, checkCount(objects.length));
  return objects;
}

/** What belongs to one text while it is read. */
interface Reading {
  readonly lines: LineCounter;
  readonly quoted: QuotedTexts;
  readonly problems: string[];
}

/**
 * One after the other: what a document is parsed into takes many times its size, and is gone when the next one comes.
 * One that is nested too deep is left out and said: to compose it takes the stack.
 */
function* documentsOf(text: string, { lines, quoted, problems }: Reading): Iterable<Document.Parsed> {
  const { Composer, Parser } = libraries.yaml;
  const composer = new Composer({ ...SYNTAX, lineCounter: lines });
  const say = (offset: number, problem: string): number =>
    problems.push(`${placeOf(lines, offset)}: ${problem}`);
  for (const token of new Parser(lines.addNewLine).parse(text)) {
    const deep = tooDeepAt(token, MAX_DEPTH);
    if (deep !== undefined) {
      say(deep, tooDeep(MAX_DEPTH));
      continue;
    }
    const found = takeQuoted(token, quoted).slice(0, MAX_SYNTAX_PROBLEMS);
    for (const { offset, problem } of found) say(offset, problem);
    yield* composer.next(token);
  }
  yield* composer.end();
}

/** The parser itself takes the stack to close many lists of lines at once. */
function* withinStack<T>(
  documents: Iterable<T>,
  { linePos, lineStarts }: LineCounter,
  problems: string[],
): Iterable<T> {
  try {
    yield* documents;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const { line } = linePos(lineStarts.at(-1) ?? 0);
    problems.push(`line ${line} or above: ${tooDeep(MAX_DEPTH)}`);
  }
}

/** Words are resolved by {@link ValueBuilder}, and so is whether a key is given twice: here it takes quadratic time. */
const SYNTAX = {
  schema: "failsafe",
  uniqueKeys: false,
  logLevel: "error",
  prettyErrors: false,
  keepSourceTokens: true,
} as const;

/** How many syntax errors of one document are named; most of them follow from the first. */
const MAX_SYNTAX_PROBLEMS = 3;

function syntaxProblems({ errors }: Document.Parsed, lines: LineCounter): string[] {
  return errors.slice(0, MAX_SYNTAX_PROBLEMS).map(({ message, pos }) => {
    return `${placeOf(lines, pos[0])}: ${message}`;
  });
}

function placeOf(lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset);
  return `line ${line}, column ${col}`;
}

function checkSize(text: string): string[] {
  const size = Buffer.byteLength(text);
  if (size > MAX_YAML_BYTES)
    return [`it has ${size} bytes; split it into texts of ${MAX_YAML_BYTES} at most`];
  const longest = longestDocument(text);
  if (longest <= MAX_DOCUMENT_LENGTH) return [];
  return [
    `a document of it has ${longest} characters; split it, by lines of "---", into some of ${MAX_DOCUMENT_LENGTH} at most`,
  ];
}

/** At least as long as the longest document: the line that ends one may stand nowhere else. */
function longestDocument(text: string): number {
  let longest = 0;
  for (let from = 0; from < text.length;) {
    const next = text.indexOf("\n---", from);
    const to = next === -1 ? text.length : next + 1;
    longest = Math.max(longest, to - from);
    from = to;
  }
  return longest;
}

function checkCount(count: number): string[] {
  if (count <= MAX_YAML_OBJECTS) return [];
  return [`it has ${count} objects; split it into texts of ${MAX_YAML_OBJECTS} at most`];
}
