import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { engineWords, notBegun } from "./engine-words";

/** One update of a stack. */
export interface Update {
  readonly root: string;
  readonly stack: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Asks the engine to stop. */
  readonly signal: AbortSignal;
  /** Gets what the engine does, as it does it. */
  readonly onEvent: (event: EngineEvent) => void;
}

/** How an update ended. */
export interface Ended {
  readonly isDone: boolean;
  /** What the engine said of it outside of its events. */
  readonly said: string;
}

/** Each event comes alone on a line, and what does not need a resource that has failed goes on. */
const WORDS = ["up", "--yes", "--skip-preview", "--continue-on-error", "--json", "--non-interactive"];

/**
 * Runs `pulumi up`: that one program and nothing else. The SDK's Automation API starts it six times for an update, of
 * which one selects the stack for whoever works in the folder, and three ask for what the events have told.
 *
 * @throws Mistake when there is no such stack, or no engine.
 */
export async function update({ root, stack, env, signal, onEvent }: Update): Promise<Ended> {
  const args = [...WORDS, "--color", "never", "--stack", stack];
  const child = spawn("pulumi", args, { cwd: root, env: { ...env }, stdio: ["ignore", "pipe", "pipe"] });
  const stop = (): void => void child.kill("SIGINT");
  signal.addEventListener("abort", stop);
  const errors: string[] = [];
  child.stderr.setEncoding("utf8").on("data", (text: string) => errors.push(text));
  const lines = createInterface({ input: child.stdout }).on("line", (line) => tell(line, onEvent));
  const read = new Promise((resolve) => lines.once("close", resolve));
  const code = await new Promise<number | string | null>((resolve) => {
    child.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    child.once("close", resolve);
  });
  signal.removeEventListener("abort", stop);
  if (typeof code !== "string") await read;
  const said = typeof code === "string" ? code : errors.join("");
  const problem = code === 0 ? undefined : notBegun(stack, said);
  if (problem !== undefined) throw problem;
  return { isDone: code === 0, said: engineWords(said) || `pulumi up ended with exit code ${code}` };
}

/** Anything else is left out, as a line that a killed engine has begun. */
function tell(line: string, onEvent: Update["onEvent"]): void {
  let event: EngineEvent;
  try {
    event = JSON.parse(line) as EngineEvent;
  } catch {
    return;
  }
  onEvent(event);
}
