import { spawn } from "node:child_process";
import { delimiter } from "node:path";
import { text } from "node:stream/consumers";
import { SetupError } from "./report.mjs";

const SIGNALS = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);
const SHOWN_LINES = 40;

/**
 * The environment in which everything is run: these folders come first on PATH, so that also what is started
 * by name (npm by `#!/usr/bin/env node`) runs on the Node that was picked.
 *
 * @param {readonly string[]} folders
 */
export function withFolders(folders) {
  return { ...process.env, PATH: [...folders, process.env.PATH ?? ""].join(delimiter) };
}

/**
 * Runs a command to its end. Its output is only shown when it fails.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv, what: string, fix: string }} settings
 */
export async function runOrFail(command, args, { cwd, env, what, fix }) {
  const child = spawn(command, [...args], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const ended = endOf(child).catch((error) => error.message);
  const [end, ...output] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  if (end === 0) return;
  const line = [command, ...args].join(" ");
  const said = output.join("\n").trim().split("\n").slice(-SHOWN_LINES).join("\n");
  throw new SetupError(
    `${what} failed: "${line}" ended with ${typeof end === "number" ? `code ${end}` : end}. ${fix}\n${said}`,
  );
}

/**
 * Waits for a child and passes signals on to it meanwhile.
 *
 * @param {import("node:child_process").ChildProcess} child
 * @returns {Promise<number | NodeJS.Signals>} its exit code, or the signal that ended it
 */
export async function endOf(child) {
  /** @param {NodeJS.Signals} signal */
  const pass = (signal) => {
    // A terminal sends Ctrl-C to both already, and twice often means "at once".
    if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
  };
  for (const signal of SIGNALS) process.on(signal, pass);
  try {
    return await new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (code, signal) => resolve(code ?? signal ?? "SIGKILL"));
    });
  } finally {
    for (const signal of SIGNALS) process.off(signal, pass);
  }
}
