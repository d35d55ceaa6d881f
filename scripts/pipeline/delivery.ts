import { join } from "node:path";
import type { Release } from "pulumi-delivery";
import { CHECKOUT } from "../../sandbox/paths.ts";
import { run } from "../../sandbox/processes/index.ts";

/** What a promotion did, as far as anybody here wants to know. */
export interface Promotion {
  readonly from: string;
  readonly release: Release;
  /** False when the environment had this release already. */
  readonly changed: boolean;
}

/** `delivery …`, as a user of the project in `root` runs it; returns what `--json` prints. */
export async function delivery<T>(root: string, ...words: readonly string[]): Promise<T> {
  const main = join(CHECKOUT, "dist", "cli", "main.js");
  return JSON.parse(await run(process.execPath, [main, ...words, "--json", "--project", root])) as T;
}

/** `delivery promote` */
export async function promote(root: string, environment: string): Promise<Promotion> {
  return delivery<Promotion>(root, "promote", environment);
}
