import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promote } from "../pipeline/delivery.ts";
import type { Promotion } from "../pipeline/delivery.ts";
import type { Say } from "./say.ts";
import type { WorkTree } from "./work-tree.ts";

/** The greeting of the checkout, and what it is changed to. */
const [GREETING, NEXT] = ['greeting: "Welcome to the shop"', 'greeting: "Welcome to the shop, come in"'];
/** Why the first release goes on although it has not soaked: the ledger keeps it. */
const FIRST = "the first release, before anybody uses prod";

/**
 * The demo's own change of a manifest above the checkout, so that something waits before prod. A checkout with another
 * greeting keeps that.
 */
export function writeNextChange({ root }: WorkTree): void {
  const file = join(root, "infra", "pipeline.ts");
  writeFileSync(file, readFileSync(file, "utf8").replace(GREETING, NEXT));
}

/** Where promotions are made, and told. */
export interface Promoting {
  readonly tree: WorkTree;
  readonly say: Say;
}

/** `delivery promote`, and the commit of the file; what a guard forbids waits. */
export async function promoteTo(environment: string, promoting: Promoting): Promise<void> {
  return commitPromotion(environment, await promote(promoting.tree.root, environment), promoting);
}

/** The same of a release that nobody can have used before: it goes over the guards, with a reason. */
export async function promoteFirst(environment: string, promoting: Promoting): Promise<void> {
  const promotion = await promote(promoting.tree.root, environment, "--override", FIRST);
  return commitPromotion(environment, promotion, promoting);
}

async function commitPromotion(
  environment: string,
  { from, release, changed, outcome, verdicts }: Promotion,
  { tree, say }: Promoting,
): Promise<void> {
  const said = verdicts.filter((one) => one.outcome !== "pass").map(({ sentence }) => sentence);
  if (outcome === "block")
    say.line("promote", `${release.id} waits before ${environment}: ${said.join("; ")}`);
  if (!changed) return;
  const commit = await tree.commit(`chore: promote ${release.id} from ${from} to ${environment}`);
  say.line("promote", `${release.id} from ${from} to ${environment} (${commit})`);
  for (const sentence of said) say.line("", sentence);
}
