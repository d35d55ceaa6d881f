import type { Command, Offer, OptionSpec } from "../shell/contract";
import { COMMON_OPTIONS } from "../shell/parse";

/** Prints the environments of the working folder; nothing elsewhere. */
export const ENVIRONMENTS = "delivery completion --environments 2>/dev/null";

export function optionsOf(command: Command): readonly OptionSpec[] {
  return [...command.options, ...COMMON_OPTIONS];
}

/** What may stand after an option; undefined when nothing can be offered. */
export function offerOf({ choices, offer }: OptionSpec): Offer | undefined {
  return choices ?? offer;
}
