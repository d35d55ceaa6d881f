import { commands } from "../commands";
import type { Context, Input, Result } from "../shell/contract";
import { UsageError } from "../shell/usage-error";
import { bashScript } from "./bash";
import { environmentNames } from "./environments";
import { fishScript } from "./fish";
import { zshScript } from "./zsh";

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;

/** `delivery completion` */
export async function completion(input: Input, { folder }: Context): Promise<Result> {
  if (input.flag("environments")) {
    const names = environmentNames(folder);
    return { value: names, text: names.join("\n") };
  }
  const shell = input.optionalArgument("SHELL") as keyof typeof SCRIPTS | undefined;
  if (shell === undefined) throw new UsageError("completion", ["SHELL is missing: bash, zsh or fish"]);
  const text = SCRIPTS[shell](commands);
  return { value: { shell, script: text }, text };
}
