import { parseArgs } from "node:util";
import type { ParseArgsOptionsConfig } from "node:util";
import type { Command, Input, OptionSpec } from "./contract";
import { nearest } from "./nearest";
import { UsageError } from "./usage-error";

/** Options that every command has. */
export const COMMON_OPTIONS: readonly OptionSpec[] = [
  { name: "json", summary: "print JSON for a program" },
  {
    name: "project",
    value: "DIR",
    summary: "the project's folder; else the working folder and those above it",
    offer: "folders",
  },
  { name: "help", summary: "what the command does, with examples" },
];

/** What was given to a command. */
export interface Parsed {
  readonly input: Input;
  readonly json: boolean;
  readonly help: boolean;
  readonly project: string | undefined;
}

type Values = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;

/**
 * The words after the command's name.
 *
 * @throws UsageError with every problem at once.
 */
export function parseWords(command: Command, words: readonly string[]): Parsed {
  const options = [...command.options, ...COMMON_OPTIONS];
  const { values, positionals, unknown } = readWords(options, words);
  const help = values.help === true;
  const problems = [
    ...unknown.map((word) => unknownOption(word, options)),
    ...checkValues(options, values),
    ...checkArguments(command, positionals),
  ];
  if (problems.length > 0 && !help) throw new UsageError(command.name, problems);
  return {
    input: inputOf(command, values, positionals),
    json: values.json === true,
    help,
    project: typeof values.project === "string" ? values.project : undefined,
  };
}

interface Words {
  readonly values: Values;
  readonly positionals: readonly string[];
  readonly unknown: readonly string[];
}

function readWords(options: readonly OptionSpec[], words: readonly string[]): Words {
  const config = Object.fromEntries(options.map((option) => [option.name, configOf(option)]));
  const strings = { ...config, help: { type: "boolean" as const, short: "h" } };
  const { values, positionals, tokens } = parseArgs({
    args: [...words],
    options: strings satisfies ParseArgsOptionsConfig,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const named = tokens.filter((token) => token.kind === "option");
  const unknown = named.filter(({ name }) => !Object.hasOwn(strings, name)).map(({ rawName }) => rawName);
  return { values: values as Values, positionals, unknown };
}

function configOf({ value, repeats }: OptionSpec): ParseArgsOptionsConfig[string] {
  const type = value === undefined ? "boolean" : "string";
  return repeats === true ? { type, multiple: true } : { type };
}

function unknownOption(word: string, options: readonly OptionSpec[]): string {
  const known = nearest(
    word,
    options.map(({ name }) => `--${name}`),
  );
  return `${word} is no option of it${known === undefined ? "" : `; did you mean ${known}?`}`;
}

function checkValues(options: readonly OptionSpec[], values: Values): string[] {
  return options.flatMap(({ name, value, choices }) => {
    const given = [values[name] ?? []].flat();
    if (value === undefined)
      return given.some((each) => typeof each === "string")
        ? [`--${name} takes no value; leave out what is after it`]
        : [];
    if (given.some((each) => typeof each === "boolean" || each === ""))
      return [`--${name} wants a value: --${name} ${value}`];
    const wrong = given.filter((each) => choices !== undefined && !choices.includes(String(each)));
    return wrong.map((each) => `--${name} is ${JSON.stringify(each)}; give one of ${choices?.join(", ")}`);
  });
}

function checkArguments({ arguments: specs }: Command, words: readonly string[]): string[] {
  const missing = specs
    .slice(words.length)
    .filter(({ required }) => required)
    .map(({ name, summary }) => `${name} is missing: ${summary}`);
  const wrong = specs.flatMap(({ name, offer }, index) => {
    const word = words[index];
    if (word === undefined || typeof offer !== "object" || offer.includes(word)) return [];
    return [`${name} is ${JSON.stringify(word)}; give one of ${offer.join(", ")}`];
  });
  const extra = words.slice(specs.length).map((word) => `${JSON.stringify(word)} is one word too many`);
  return [...missing, ...wrong, ...extra];
}

function inputOf({ arguments: specs }: Command, values: Values, words: readonly string[]): Input {
  const optionalArgument = (name: string): string | undefined =>
    words[specs.findIndex((spec) => spec.name === name)];
  const list = (option: string): string[] => [values[option] ?? []].flat().map(String);
  return {
    optionalArgument,
    argument: (name) => optionalArgument(name) ?? "",
    flag: (option) => values[option] === true,
    text: (option) => list(option).at(-1),
    list,
  };
}
