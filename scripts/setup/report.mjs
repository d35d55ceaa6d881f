/** A user's problem, said in full: printed without a stack. */
export class SetupError extends Error {}

/** Progress goes to standard error: standard output belongs to the script that is run. @param {string} line */
export function say(line) {
  process.stderr.write(`set-up: ${line}\n`);
}
