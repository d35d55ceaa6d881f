import { spawn } from "node:child_process";
import { constants } from "node:os";
import { endOf } from "./commands.mjs";

/**
 * Runs a program in place of this one: same streams, signals passed on.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>} its exit code; as in a shell, 128 and the signal's number when a signal ended it
 */
export async function launch(command, args, env) {
  const end = await endOf(spawn(command, [...args], { stdio: "inherit", env }));
  return typeof end === "number" ? end : 128 + constants.signals[end];
}
