import type { Command } from "../shell/contract";
import { bisect } from "./bisect";
import { board } from "./board";
import { ci } from "./ci";
import { completion } from "./completion";
import { hold } from "./hold";
import { images } from "./images";
import { init } from "./init";
import { metrics } from "./metrics";
import { pending } from "./pending";
import { preview } from "./preview";
import { promote } from "./promote";
import { render } from "./render";
import { rollback } from "./rollback";
import { up } from "./up";

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  ...[init, board, pending, promote, rollback, hold],
  ...[up, bisect, preview, render, images, metrics, ci, completion],
];
