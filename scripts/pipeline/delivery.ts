import { join } from "node:path";
import type { Outcome, Release, Verdict } from "pulumi-delivery";
import { CHECKOUT } from "../../sandbox/paths.ts";
import { tryRun } from "../../sandbox/processes/index.ts";

/** What the command line ends with when a guard or a hold forbids something: its answer says which. */
export const BLOCKED = 3;

/** What a promotion did, as far as anybody here wants to know. */
export interface Promotion {
  readonly from: string;
  readonly release: Release;
  /** False when the environment had this release already. */
  readonly changed: boolean;
  readonly outcome: Outcome;
  readonly verdicts: readonly Verdict[];
}

/**
 * `delivery …`, as a user of the project in `root` runs it; returns what `--json` prints, also where something is forbidden.
 *
 * @throws when it fails; the message is what it said.
 */
export async function delivery<T>(root: string, ...words: readonly string[]): Promise<T> {
  const main = join(CHECKOUT, "dist", "cli", "main.js");
  const args = [main, ...words, "--json", "--project", root];
  const { code, stdout, stderr } = await tryRun(process.execPath, args);
  if (code === 0 || code === BLOCKED) return JSON.parse(stdout) as T;
  throw new Error(`delivery ${words.join(" ")} ended with code ${code}:\n${stderr}${stdout}`);
}

/** `delivery promote`, with these options */
export async function promote(
  root: string,
  environment: string,
  ...options: readonly string[]
): Promise<Promotion> {
  return delivery<Promotion>(root, "promote", environment, ...options);
}
