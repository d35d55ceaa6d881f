import type { ArgumentSpec, Command, Offer, OptionSpec } from "../shell/contract";
import { ENVIRONMENTS, offerOf, optionsOf } from "./offers";

/** A function `_delivery` for zsh's completion system. Source: zsh manual, "Completion System". */
export function zshScript(commands: readonly Command[]): string {
  const described = commands.map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}`);
  return `#compdef delivery
# delivery, for zsh: delivery completion zsh > ~/.zfunc/_delivery
_delivery_environments() { local -a names; names=(\${(f)"$(${ENVIRONMENTS})"}); compadd -a names }
_delivery() {
  local -a commands
  commands=(
${described.join("\n")}
  )
  if (( CURRENT == 2 )); then _describe command commands; return; fi
  local command=$words[2]
  shift words; (( CURRENT-- ))
  case $command in
${commands.map(commandCase).join("\n")}
  esac
}
if [ "$funcstack[1]" = "_delivery" ]; then _delivery "$@"; else compdef _delivery delivery; fi`;
}

function commandCase(command: Command): string {
  const specs = [...command.arguments.map(argumentText), ...optionsOf(command).map(optionText)];
  return `    ${command.name}) _arguments ${specs.map(quoted).join(" ")} ;;`;
}

function argumentText({ name, required, offer }: ArgumentSpec): string {
  return `${required ? "" : ":"}:${name}:${action(offer)}`;
}

function optionText(option: OptionSpec): string {
  const { name, value, summary, repeats } = option;
  const text = summary.replaceAll(/[[\]:]/g, "\\$&");
  const head = `${repeats ? "*" : ""}--${name}[${text}]`;
  return value === undefined ? head : `${head}:${value}:${action(offerOf(option))}`;
}

function action(offer: Offer | undefined): string {
  if (offer === undefined) return " ";
  if (offer === "folders") return "_files -/";
  if (offer === "files") return "_files";
  return offer === "environments" ? "_delivery_environments" : `(${offer.join(" ")})`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
