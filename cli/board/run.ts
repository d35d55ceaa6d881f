import { renameSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { boardHtml, boardMarkdown, boardText, readBoard } from "../../components/board";
import type { Board } from "../../components/board";
import { Mistake } from "../../components/mistake";
import type { Context, Input, Result, Run } from "../shell/contract";

/** Between two looks of `--watch`, in seconds. */
const WATCH_SECONDS = 10;
/** Clears a terminal and goes to its first line. */
const CLEAR = "\u001b[2J\u001b[H";

/** `delivery board` */
export const board: Run = async (input, context) => {
  if (input.flag("md") && input.text("html") !== undefined) {
    throw new Mistake("delivery board", ["--md and --html are two forms; give one of them"]);
  }
  const look = async (): Promise<Result> => resultOf(await read(input, context), input, context);
  if (!input.flag("watch")) return look();
  for (;;) {
    const { text, value } = await look();
    const shown = context.json ? JSON.stringify(value) : text;
    process.stdout.write(`${context.interactive ? CLEAR : ""}${shown}\n`);
    await wait(WATCH_SECONDS * 1000);
  }
};

async function read(input: Input, context: Context): Promise<Board> {
  const { pipeline, root, stackFile } = await context.project();
  const runtime = { environment: context.env };
  return readBoard({ pipeline, root, stackFile, now: context.now(), live: input.flag("live"), runtime });
}

function resultOf(found: Board, input: Input, context: Context): Result {
  const file = input.text("html");
  if (file !== undefined) return written(found, resolve(file));
  return { value: found, text: input.flag("md") ? boardMarkdown(found) : boardText(found, context.paint) };
}

/** The page is replaced whole: somebody may be reading it. */
function written(found: Board, path: string): Result {
  try {
    writeFileSync(`${path}.new`, boardHtml(found));
    renameSync(`${path}.new`, path);
  } catch (error) {
    throw new Mistake(`Writing ${path}`, [
      `${(error as Error).message}; name a file in a folder that is there`,
    ]);
  }
  return { value: { ...found, html: path }, text: `${path}\n${pathToFileURL(path).href}` };
}
