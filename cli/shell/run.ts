import { commands } from "../commands";
import type { Command, Context, ExitCode, Result } from "./contract";
import { EXIT } from "./contract";
import { commandHelp, overview } from "./help";
import { nearest } from "./nearest";
import { coloured, hasColours, plain } from "./paint";
import { parseWords } from "./parse";
import type { Parsed } from "./parse";
import { plainLines, startSpinner } from "./spinner";
import type { Spinner } from "./spinner";
import { exitOf, problemsOf } from "./trouble";
import { UsageError } from "./usage-error";

/** What a stream of the process has to offer. */
export interface Sink {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** What of a process the command line uses. */
export interface Surroundings {
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly env: Readonly<Record<string, string | undefined>>;
  cwd(): string;
}

/** Runs one command line; `words` are those after `delivery`. Returns the exit code. */
export async function runDelivery(words: readonly string[], around: Surroundings): Promise<ExitCode> {
  const [name = "", ...rest] = words;
  const print = (text: string): unknown => around.stdout.write(text === "" ? "" : `${text}\n`);
  const paint = hasColours(around.stdout, around.env) ? coloured : plain;
  const json = words.includes("--json");
  try {
    if (["", "help", "--help", "-h"].includes(name)) {
      const of = commands.find((command) => command.name === rest[0]);
      print(of === undefined ? overview(commands, paint) : commandHelp(of, paint));
      return name === "" ? EXIT.wrong : EXIT.done;
    }
    if (name === "--version") {
      print((await import("./version.js")).version());
      return EXIT.done;
    }
    const command = findCommand(name);
    const parsed = parseWords(command, rest);
    if (parsed.help) {
      print(commandHelp(command, paint));
      return EXIT.done;
    }
    const { value, text, exit = EXIT.done } = await run(command, parsed, around);
    print(json ? JSON.stringify(value, undefined, 2) : text);
    return exit;
  } catch (error) {
    return tell(error, { json, print, stderr: around.stderr });
  }
}

function findCommand(name: string): Command {
  const found = commands.find((command) => command.name === name);
  if (found !== undefined) return found;
  const names = commands.map((command) => command.name);
  const near = nearest(name, names);
  const fix = near === undefined ? `give one of ${names.join(", ")}` : `did you mean ${near}?`;
  throw new UsageError("", [`${JSON.stringify(name)} is no command; ${fix}`]);
}

async function run(command: Command, parsed: Parsed, around: Surroundings): Promise<Result> {
  const start = await command.load();
  const { stderr } = around;
  const spinner = isWatched(around) ? startSpinner(stderr, `delivery ${command.name}`) : plainLines(stderr);
  try {
    return await start(parsed.input, contextOf(parsed, around, spinner));
  } finally {
    spinner.stop();
  }
}

/** Whether somebody watches at a terminal that can overwrite its line. */
function isWatched({ stderr, env }: Surroundings): boolean {
  return stderr.isTTY === true && (env.CI ?? "") === "" && env.TERM !== "dumb";
}

function contextOf({ json, project }: Parsed, around: Surroundings, spinner: Spinner): Context {
  const { stdout, env } = around;
  const folder = project ?? around.cwd();
  return {
    env,
    folder,
    json,
    interactive: isWatched(around),
    paint: !json && hasColours(stdout, env) ? coloured : plain,
    now: () => new Date(),
    progress: (line) => spinner.line(line),
    show(text) {
      spinner.stop();
      stdout.write(`${text}\n`);
    },
    project: async () => (await import("./project.js")).openProject(folder),
  };
}

interface Outlet {
  readonly json: boolean;
  readonly print: (text: string) => unknown;
  readonly stderr: Sink;
}

/** What went wrong: for people on standard error, for a program as JSON on standard output. */
function tell(error: unknown, { json, print, stderr }: Outlet): ExitCode {
  const { message } = error as Error;
  const exit = exitOf(error);
  if (json) print(JSON.stringify({ error: { message, problems: problemsOf(error), exit } }, undefined, 2));
  else stderr.write(`${message}\n`);
  return exit;
}
