import type { Command } from "../shell/contract";
import { completion } from "./completion";

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [completion];
