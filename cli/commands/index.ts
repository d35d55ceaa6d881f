import type { Command } from "../shell/contract";
import { completion } from "./completion";
import { hold } from "./hold";

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [hold, completion];
