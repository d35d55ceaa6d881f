import type { ArgumentSpec, Command, OptionSpec } from "./contract";
import type { Paint } from "./paint";
import { COMMON_OPTIONS } from "./parse";

/** Where a text is broken, in columns. */
const WIDTH = 100;
const EXITS =
  "Exit codes: 0 done · 1 failed on the way · 2 wrong command or project · 3 blocked · 4 out of date";

type Row = readonly [string, string];

/** What `delivery --help` prints. */
export function overview(commands: readonly Command[], paint: Paint): string {
  const rows = commands.map(({ name, summary, arguments: words }): Row => {
    return [[name, ...words.map(wordOf)].join(" "), summary];
  });
  return [
    "From a commit to its clusters: what is pending, what runs where, promote it, take it back.",
    section("Usage", ["delivery COMMAND [OPTIONS]"], paint),
    section("Commands", table(rows), paint),
    section(
      "Examples",
      table([
        ["delivery board", "what runs where, and what waits"],
        ["delivery promote staging --up", "bring dev's release to staging"],
        ["delivery rollback prod --reason INC-231", "back to the last release that worked there"],
        ["delivery promote --help", "all of one command"],
      ]),
      paint,
    ),
    EXITS,
  ].join("\n\n");
}

/** What `delivery COMMAND --help` prints. */
export function commandHelp(command: Command, paint: Paint): string {
  const { name, summary, details, arguments: words, options, examples } = command;
  const usage = ["delivery", name, ...words.map(wordOf), "[OPTIONS]"].join(" ");
  const parts = [
    [`${summary}.`, ...(details === undefined ? [] : wrapped(details, WIDTH))].join("\n"),
    section("Usage", [usage], paint),
    words.length === 0 ? "" : section("Arguments", table(words.map(argumentRow)), paint),
    section("Options", table([...options, ...COMMON_OPTIONS].map(optionRow)), paint),
    section("Examples", table(examples.map(({ line, what }): Row => [line, what])), paint),
    EXITS,
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

function wordOf({ name, required }: ArgumentSpec): string {
  return required ? name : `[${name}]`;
}

const argumentRow = ({ name, summary }: ArgumentSpec): Row => [name, summary];

function optionRow({ name, value, summary, choices, repeats }: OptionSpec): Row {
  const more = [choices === undefined ? "" : ` (${choices.join(", ")})`, repeats ? "; several times" : ""];
  return [`--${name}${value === undefined ? "" : ` ${value}`}`, `${summary}${more.join("")}`];
}

function section(title: string, lines: readonly string[], paint: Paint): string {
  return [paint("bold", title), ...lines.map((line) => `  ${line}`)].join("\n");
}

function table(rows: readonly Row[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  return rows.flatMap(([left, right]) => {
    const [first = "", ...others] = wrapped(right, Math.max(30, WIDTH - width));
    return [`${left.padEnd(width)}${first}`, ...others.map((line) => `${" ".repeat(width)}${line}`)];
  });
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines;
}
