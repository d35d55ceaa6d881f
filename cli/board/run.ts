import { resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { boardHtml, boardMarkdown, boardText, readBoard } from "../../components/board";
import type { Board } from "../../components/board";
import { Mistake } from "../../components/mistake";
import { replaceFile } from "../../components/replace-file";
import type { Context, Input, Result, Run } from "../shell/contract";
import { stateHistory } from "../shell/state";

/** Between two looks of `--watch`, in seconds. */
export const DEFAULT_EVERY_SECONDS = 10;
/** Longer ones are more than a timer of Node.js takes. */
const MAX_EVERY_SECONDS = 86_400;
/** Clears a terminal and goes to its first line. */
const CLEAR = "\u001b[2J\u001b[H";

/** `delivery board` */
export const board: Run = async (input, context) => {
  if (input.flag("md") && input.text("html") !== undefined) {
    throw new Mistake("delivery board", ["--md and --html are two forms; give one of them"]);
  }
  const every = secondsOf(input);
  const look = async (): Promise<Result> => resultOf(await read(input, context), input, context);
  return input.flag("watch") ? watch(look, every, context) : look();
};

function secondsOf(input: Input): number {
  const text = input.text("every") ?? String(DEFAULT_EVERY_SECONDS);
  const seconds = Number(text);
  if (seconds > 0 && seconds <= MAX_EVERY_SECONDS) return seconds;
  throw new Mistake("delivery board", [
    `--every is ${JSON.stringify(text)}; give seconds above 0, up to ${MAX_EVERY_SECONDS}`,
  ]);
}

/** Until somebody stops it. */
async function watch(look: () => Promise<Result>, every: number, context: Context): Promise<never> {
  let shown = await look();
  for (;;) {
    const { text, value } = shown;
    context.show(context.json ? JSON.stringify(value) : `${context.interactive ? CLEAR : ""}${text}`);
    await wait(every * 1000);
    shown = await look().catch((error: Error) => keep(shown, error, context));
  }
}

/** What cannot be read for once, as a file that is being written: the next look may read it again. */
function keep(shown: Result, error: Error, { progress }: Context): Result {
  if (error.name !== "Mistake") throw error;
  progress(error.message);
  return shown;
}

async function read(input: Input, context: Context): Promise<Board> {
  const project = await context.project();
  const { pipeline, root, stackFile } = project;
  const asked = { runtime: { environment: context.env }, stateHistory: stateHistory(project, context) };
  return readBoard({ pipeline, root, stackFile, now: context.now(), live: input.flag("live"), ...asked });
}

function resultOf(found: Board, input: Input, context: Context): Result {
  const file = input.text("html");
  if (file !== undefined) return written(found, resolve(file));
  return { value: found, text: input.flag("md") ? boardMarkdown(found) : boardText(found, context.paint) };
}

/** The page is replaced whole: somebody may be reading it. */
function written(found: Board, path: string): Result {
  try {
    replaceFile(path, boardHtml(found));
  } catch (error) {
    throw new Mistake(`Writing ${path}`, [
      `${(error as Error).message}; name a file in a folder that is there`,
    ]);
  }
  return { value: { ...found, html: path }, text: `${path}\n${pathToFileURL(path).href}` };
}
