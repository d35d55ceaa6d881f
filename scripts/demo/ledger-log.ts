import { readLedger } from "pulumi-delivery";
import type { LedgerEntry } from "pulumi-delivery";
import { textTable } from "./table.ts";

const HEADING = ["COMMIT", "LEDGER BRANCH", "WHAT", "CLUSTERS", "TIME (UTC)"] as const;
/** Deployments shown of each branch, the newest first. */
const SHOWN = 5;
const COMMIT_SHOWN = 10;

/** The newest deployments that a ledger has on each of these branches. */
export async function ledgerLog(repository: string, branches: readonly string[]): Promise<string> {
  const logs = await Promise.all(branches.map((branch) => readLog(repository, branch)));
  return textTable(HEADING, logs.flat());
}

async function readLog(repository: string, branch: string): Promise<string[][]> {
  const ledger = await readLedger({ repository, branch });
  ledger.close();
  return ledger.history.slice(0, SHOWN).map((entry) => rowOf(branch, entry));
}

function rowOf(branch: string, { commit, subject, clusters, time }: LedgerEntry): string[] {
  const minute = time.toISOString().slice(0, "2026-01-01T00:00".length).replace("T", " ");
  return [commit.slice(0, COMMIT_SHOWN), branch, subject, clusters.join(", ") || "–", minute];
}
