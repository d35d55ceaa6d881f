import { fstatSync } from "node:fs";

const STDIN = 0;

/**
 * Calls `stop` once: when a signal asks the plugin to end, or when the engine is gone. The engine keeps the
 * other end of the plugin's standard input open as long as it lives, so the end of that pipe is its death,
 * also by SIGKILL. A standard input that is no pipe (a plugin started by hand) says nothing and is left alone.
 */
export function onEnd(stop: () => void): void {
  let told = false;
  const once = (): void => {
    if (told) return;
    told = true;
    stop();
  };
  process.on("SIGINT", once).on("SIGTERM", once);
  // The engine's end of our output is gone with it; without a listener the first write would end this process.
  process.stdout.on("error", () => {});
  process.stderr.on("error", () => {});
  const stdin = fstatSync(STDIN);
  if (stdin.isFIFO() || stdin.isSocket()) process.stdin.on("error", once).on("close", once).resume();
}

/** The last word on the engine's command line for a plugin is the engine's address; flags come before it. */
export function engineAddressOf(args: readonly string[]): string {
  const last = args.at(-1);
  return last === undefined || last.startsWith("-") ? "" : last;
}
