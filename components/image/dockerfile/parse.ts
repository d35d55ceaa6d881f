import { heredocNames } from "./heredocs";

/** One instruction of a Dockerfile, its continued lines joined; the bodies of its heredocs are left out. */
export interface Instruction {
  /** In upper case. */
  readonly keyword: string;
  /** What stands as `--name=value` before the arguments, in order. */
  readonly flags: readonly Flag[];
  /** What follows the flags. */
  readonly words: readonly string[];
}

export interface Flag {
  readonly name: string;
  readonly value: string;
}

const DIRECTIVE = /^#\s*([a-zA-Z]+)\s*=\s*(\S.*?)\s*$/;
const COMMENT_OR_EMPTY = /^\s*(?:#.*)?$/;
/** A word ends at white space that is in no quotes. */
const WORD = /(?:[^\s"'\\]|\\[^]|"(?:\\[^]|[^"\\])*"|'[^']*'|["'])+/g;

/**
 * Reads a Dockerfile's instructions as far as base images need it: comments, the `escape` directive, continued lines
 * and heredocs as in BuildKit's parser. It finds no mistakes: the builder does.
 */
export function parseDockerfile(text: string): Instruction[] {
  const lines = text.replace(/^\ufeff/, "").split(/\r?\n/);
  const continued = continuation(escapeCharacter(lines));
  const instructions: Instruction[] = [];
  for (let line = nextLine(lines, continued); line !== undefined; line = nextLine(lines, continued)) {
    skipHeredocs(lines, line);
    instructions.push(instruction(line));
  }
  return instructions;
}

/** The character that continues a line. Directives stand before anything else, a comment that is none ends them. */
function escapeCharacter(lines: readonly string[]): string {
  for (const line of lines) {
    const [, name, value] = DIRECTIVE.exec(line) ?? [];
    if (name === undefined || value === undefined) return "\\";
    if (name.toLowerCase() === "escape") return value;
  }
  return "\\";
}

/** A line that goes on ends with the character, unless that is itself escaped. */
function continuation(escape: string): RegExp {
  return escape === "`" ? /(?<!`)`[ \t]*$/ : /(?<!\\)\\[ \t]*$/;
}

/** Takes the next instruction's line off the list; undefined at the end. */
function nextLine(lines: string[], continued: RegExp): string | undefined {
  let whole = "";
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    if (COMMENT_OR_EMPTY.test(line)) continue;
    whole += line.replace(continued, "");
    if (!continued.test(line)) return whole;
  }
  return whole === "" ? undefined : whole;
}

function skipHeredocs(lines: string[], line: string): void {
  for (const { name, stripsTabs } of heredocNames(line.match(WORD) ?? [])) {
    const end = lines.findIndex((text) => (stripsTabs ? text.replace(/^\t+/, "") : text) === name);
    lines.splice(0, end < 0 ? lines.length : end + 1);
  }
}

function instruction(line: string): Instruction {
  const [keyword = "", ...words] = line.match(WORD) ?? [];
  const firstArgument = words.findIndex((word) => !word.startsWith("--"));
  const flags = words.slice(0, firstArgument < 0 ? words.length : firstArgument);
  return { keyword: keyword.toUpperCase(), flags: flags.map(flag), words: words.slice(flags.length) };
}

function flag(word: string): Flag {
  const equals = word.indexOf("=");
  const end = equals < 0 ? word.length : equals;
  return { name: word.slice(2, end), value: unquoted(word.slice(end + 1)) };
}

/** A word without its quotes. */
export function unquoted(word: string): string {
  return word.replace(
    /"((?:\\[^]|[^"\\])*)"|'([^']*)'/g,
    (_, double: string | undefined, single: string) => double ?? single,
  );
}
