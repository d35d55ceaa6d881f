import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT } from "../../sandbox/paths.ts";
import { tryRun } from "../../sandbox/processes/index.ts";
import { BLOCKED } from "../pipeline/delivery.ts";
import { showBoard } from "./board.ts";
import type { Say } from "./say.ts";
import type { WorkTree } from "./work-tree.ts";

const GREETING = /greeting: "[^"]*"/;

/** The second act and what it is played on. */
export interface Act {
  readonly tree: WorkTree;
  /** Where the page of the board is written. */
  readonly folder: string;
  readonly say: Say;
}

/**
 * A change goes to staging, waits before prod, and is taken back: the ledger's older bytes are delivered again, nothing
 * is built, and a hold keeps the change away until it is lifted. All of it by the command line, as a user has it.
 */
export async function playRollback(act: Act): Promise<void> {
  console.log("\nSecond act: a release is taken back.\n");
  changeGreeting(act.tree);
  await commit(act, "feat: a greeting that nobody likes");
  await play(act, "up", "build");
  for (const environment of ["dev", "staging"]) {
    await play(act, "promote", environment, "--up");
    await commit(act, `chore: promote to ${environment}`);
  }
  // It waits before prod now, too, with what its guards say.
  await showBoard(act.tree.root, act.folder);
  await play(act, "rollback", "staging", "--reason", "INC-231", "--up");
  await commit(act, "chore: roll staging back, INC-231");
  await play(act, "promote", "staging");
  await showBoard(act.tree.root, act.folder);
  await play(act, "hold", "staging", "--lift");
  await commit(act, "chore: INC-231 is over");
}

function changeGreeting({ root }: WorkTree): void {
  const file = join(root, "infra", "pipeline.ts");
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replace(GREETING, 'greeting: "Buy more"'));
}

async function commit({ tree, say }: Act, subject: string): Promise<void> {
  say.line("commit", `${(await tree.commit(subject)) ?? "nothing"}: ${subject}`);
}

/** What is forbidden belongs to the act; what fails ends it. */
async function play({ tree, say }: Act, ...words: string[]): Promise<void> {
  const main = join(CHECKOUT, "dist", "cli", "main.js");
  const line = `delivery ${words.join(" ")}`;
  const { code, stdout, stderr } = await tryRun(process.execPath, [main, ...words, "--project", tree.root]);
  if (code !== 0 && code !== BLOCKED) throw new Error(`${line} failed:\n${stderr}${stdout}`);
  const said = stdout.trimEnd().split("\n").at(-1) ?? "";
  say.line(code === 0 ? "✓" : "✗ forbidden", `${line}\n${" ".repeat(21)}${said}`);
}
