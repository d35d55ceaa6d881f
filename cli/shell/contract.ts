import type { PipelineDefinition } from "../../components/pipeline";
import type { Paint } from "./paint";

/** What the exit code of every command means; `docs/command-line.md` has the same list. */
export const EXIT = {
  /** It is done, or there was nothing to do. */
  done: 0,
  /** Something failed on the way: a server, a cluster, an update. */
  failed: 1,
  /** The command line or the project is wrong. Nothing was done. */
  wrong: 2,
  /** A guard, a hold or a missing verification forbids it. Nothing was done. */
  blocked: 3,
  /** `--check` found a file that is out of date. */
  outdated: 4,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What a shell offers for a word: fixed words, the pipeline's environments, or files. */
export type Offer = readonly string[] | "environments" | "folders" | "files";

/** A word without dashes. */
export interface ArgumentSpec {
  readonly name: string;
  readonly summary: string;
  readonly required: boolean;
  readonly offer?: Offer;
}

export interface OptionSpec {
  /** Long name without dashes, as `release` for `--release`. */
  readonly name: string;
  /** Stands for the value in the help, as `R`. An option without one is a flag. */
  readonly value?: string;
  readonly summary: string;
  /** It can be given several times; read it with `list()`. */
  readonly repeats?: true;
  /** The only values that are taken. */
  readonly choices?: readonly string[];
  readonly offer?: Offer;
}

/** A command of `delivery` as data: help, parsing and completion are made of it, and its code is loaded when it runs. */
export interface Command {
  readonly name: string;
  /** One line, without a full stop. */
  readonly summary: string;
  /** More of it, in whole sentences. */
  readonly details?: string;
  readonly arguments: readonly ArgumentSpec[];
  readonly options: readonly OptionSpec[];
  /** At least one. */
  readonly examples: readonly { readonly line: string; readonly what: string }[];
  /** Loads what it does: `async () => (await import("../promote/run.js")).promote`. */
  load(): Promise<Run>;
}

/** Does it. A mistake of the user is thrown as a `Mistake`, which ends with exit code 2. */
export type Run = (input: Input, context: Context) => Promise<Result>;

/** What was given on the command line. */
export interface Input {
  /** A required argument. */
  argument(name: string): string;
  optionalArgument(name: string): string | undefined;
  flag(option: string): boolean;
  text(option: string): string | undefined;
  list(option: string): readonly string[];
}

/** What a command answers. Standard output gets one of the two, so every command has `--json`. */
export interface Result {
  /** For programs: plain data. Field names are a compatibility promise. */
  readonly value: unknown;
  /** For people, without a newline at its end; nothing is printed for an empty one. */
  readonly text: string;
  /** @default done */
  readonly exit?: ExitCode;
}

/** The user's project. */
export interface Project {
  /** The folder of `Pulumi.yaml`. */
  readonly root: string;
  readonly pipeline: PipelineDefinition;
  /** The file of a stack, whether it exists or not. */
  stackFile(stack: string): string;
}

/** What surrounds a run. */
export interface Context {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `--project`, or the working folder. */
  readonly folder: string;
  readonly json: boolean;
  /** Whether somebody watches: progress may overwrite its line then. Never in CI. */
  readonly interactive: boolean;
  /** Colours for standard output; the identity without them. */
  readonly paint: Paint;
  readonly now: () => Date;
  /** A line about what goes on, to standard error. */
  progress(line: string): void;
  /** An answer that more will follow, to standard output. The last one is the {@link Result}. */
  show(text: string): void;
  /**
   * The project that the folder is in, with its pipeline. Loading it takes a moment: ask when it is needed.
   *
   * @throws Mistake when there is none, saying what is missing.
   */
  project(): Promise<Project>;
}
