import { join } from "node:path";
import { askSync } from "../source/ask";
import type { Deployment } from "./deployments";
import type { Answer, Order } from "./main";

/** How long the ledger may take, in seconds. */
const SECONDS = 300;
const MAX_BYTES = 512 * 1024 * 1024;
/** Fields of a deployment that are moments. */
const MOMENTS = ["begun", "verified"];

/** What a branch of the ledger says, for a program that has to know it before it declares its first resource. */
export interface LedgerFacts {
  /** What each cluster has been told to run: name of the file → text. */
  readonly files: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The newest first. */
  readonly deployments: readonly Deployment[];
}

/** Reads a branch of the ledger, by another process that this one waits for. */
export function readFactsSync(order: Order): Answer {
  const bounds = { what: "reads the ledger", seconds: SECONDS, maxBytes: MAX_BYTES, revive: revived };
  return askSync<Answer>(join(__dirname, "main.js"), order, bounds);
}

function revived(field: string, value: unknown): unknown {
  return MOMENTS.includes(field) && typeof value === "string" ? new Date(value) : value;
}
