import { Mistake } from "../../components/mistake";

/** What Pulumi's SDK throws for a command that has failed. Source: `@pulumi/pulumi`, `automation/cmd.js`. */
interface CommandFailure extends Error {
  readonly commandResult?: { readonly err?: { readonly code?: string; readonly stderr?: string } };
}

/**
 * What the engine itself has said of a command that has failed: the SDK wraps it in the command line and its output,
 * twice.
 */
export function engineWords(error: unknown): string {
  const { message, commandResult } = error as CommandFailure;
  const { code, stderr = "" } = commandResult?.err ?? {};
  if (code === "ENOENT") return "pulumi is not on the PATH; install it";
  const [, words] = /^error: ([^]*)/m.exec(stderr) ?? [];
  return (words ?? (stderr || message)).trim();
}

const LOCKED = /the stack is currently locked/;

/** The words, with the command that ends a lock which an update has left that was killed: the engine's names no stack. */
export function withUnlock(stack: string, words: string): string {
  if (!LOCKED.test(words)) return words;
  return `${words}\nIf no other update of it is running, as after one that was killed: pulumi cancel --stack ${stack}`;
}

/** Why a stack cannot be taken to an update; nothing of it was begun. */
export function notBegun(stack: string, error: unknown): Mistake {
  const isMissing = (error as Error).name === "StackNotFoundError";
  const why = isMissing
    ? `there is no such stack yet; make it with: pulumi stack init ${stack}`
    : engineWords(error);
  return new Mistake(`Delivering the stack ${stack}`, [why]);
}
