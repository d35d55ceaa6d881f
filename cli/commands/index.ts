import type { Command } from "../shell/contract";
import { board } from "./board";
import { completion } from "./completion";
import { hold } from "./hold";
import { metrics } from "./metrics";
import { pending } from "./pending";

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [board, pending, hold, metrics, completion];
