import { Mistake } from "../../components/mistake";
import { NO_STACK } from "../shell/state";

/** What the engine itself has said of an update that has failed, without its warnings. */
export function engineWords(said: string): string {
  const [, words] = /^error: ([^]*)/m.exec(said) ?? [];
  return (words ?? said).trim();
}

/** Why an update was not begun at all, when it is the project or the machine that lacks something. */
export function notBegun(stack: string, said: string): Mistake | undefined {
  const problem = missing(stack, said);
  return problem === undefined ? undefined : new Mistake(`Delivering the stack ${stack}`, [problem]);
}

function missing(stack: string, said: string): string | undefined {
  if (said === "ENOENT") return "pulumi is not on the PATH; install it";
  if (NO_STACK.test(said)) return `there is no such stack yet; make it with: pulumi stack init ${stack}`;
  return undefined;
}
