import type { Command, Offer } from "../shell/contract";
import { ENVIRONMENTS, offerOf, optionsOf } from "./offers";

/** A script for bash 3 and newer. */
export function bashScript(commands: readonly Command[]): string {
  const names = commands.map(({ name }) => name).join(" ");
  return `# delivery, for bash: eval "$(delivery completion bash)"
_delivery() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]}
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${names} --help --version" -- "$current"))
    return
  fi
  case "\${COMP_WORDS[1]} $previous" in
${commands.flatMap(valueCases).join("\n")}
  esac
  case "\${COMP_WORDS[1]}" in
${commands.map(commandCase).join("\n")}
  esac
}
complete -F _delivery delivery`;
}

function valueCases(command: Command): string[] {
  const valued = optionsOf(command).filter(({ value }) => value !== undefined);
  return valued.map((option) => {
    const offer = offerOf(option);
    const offered = offer === undefined ? "" : `COMPREPLY=($(${generator(offer)} -- "$current")); `;
    return `    "${command.name} --${option.name}") ${offered}return ;;`;
  });
}

function commandCase(command: Command): string {
  const options = optionsOf(command).map(({ name }) => `--${name}`);
  const [word] = command.arguments;
  const words = word?.offer === undefined ? `compgen -W ""` : generator(word.offer);
  return `    ${command.name})
      if [[ $current == -* ]]; then COMPREPLY=($(compgen -W "${options.join(" ")}" -- "$current"))
      else COMPREPLY=($(${words} -- "$current")); fi ;;`;
}

function generator(offer: Offer): string {
  if (offer === "folders") return "compgen -d";
  if (offer === "files") return "compgen -f";
  return `compgen -W "${offer === "environments" ? `$(${ENVIRONMENTS})` : offer.join(" ")}"`;
}
