import type { Command, Offer, OptionSpec } from "../shell/contract";
import { ENVIRONMENTS, offerOf, optionsOf } from "./offers";

/** A script for fish. Source: fish manual, "complete". */
export function fishScript(commands: readonly Command[]): string {
  return [
    "# delivery, for fish: delivery completion fish > ~/.config/fish/completions/delivery.fish",
    "complete -c delivery -f",
    ...commands.flatMap(linesOf),
  ].join("\n");
}

function linesOf(command: Command): string[] {
  const { name, summary } = command;
  const own = `complete -c delivery -n ${quoted(`__fish_seen_subcommand_from ${name}`)}`;
  const offers = command.arguments.flatMap(({ offer }) =>
    offer === undefined ? [] : [`${own} ${words(offer)}`],
  );
  return [
    `complete -c delivery -n '__fish_use_subcommand' -a ${name} -d ${quoted(summary)}`,
    ...offers,
    ...optionsOf(command).map((option) => `${own} ${optionText(option)}`),
  ];
}

function optionText(option: OptionSpec): string {
  const { name, value, summary } = option;
  const head = `-l ${name} -d ${quoted(summary)}`;
  const offer = offerOf(option);
  if (value === undefined) return head;
  return offer === undefined ? `${head} -x` : `${head} -x ${words(offer)}`;
}

function words(offer: Offer): string {
  if (offer === "folders") return "-a '(__fish_complete_directories)'";
  if (offer === "files") return "-F";
  return `-a ${quoted(offer === "environments" ? `(${ENVIRONMENTS})` : offer.join(" "))}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
