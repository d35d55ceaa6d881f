import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { Answer, Order } from "./main";

/** How long the ledger and the history may take, in seconds. */
const SECONDS = 300;
const MAX_BYTES = 256 * 1024 * 1024;
/** Fields of a promotion that are moments. */
const MOMENTS = ["now", "time", "until", "verifiedUpstream", "verifiedHere"];

/**
 * What a promotion is judged by, for a program that has to know it before it declares its first resource. Another
 * process asks the ledger, and this one waits for it: so a component stays synchronous.
 */
export function askPromotionSync(order: Order): Answer {
  try {
    const said = execFileSync(process.execPath, [join(__dirname, "main.js")], {
      input: JSON.stringify(order),
      stdio: ["pipe", "pipe", "inherit"],
      timeout: SECONDS * 1000,
      maxBuffer: MAX_BYTES,
      encoding: "utf8",
    });
    return JSON.parse(said, revived) as Answer;
  } catch (error) {
    const { status, signal, code } = error as { status?: number; signal?: string; code?: string };
    const how = signal ?? code ?? status;
    return { problems: [`the process that asks the ledger ended without an answer (${how}); see above`] };
  }
}

function revived(field: string, value: unknown): unknown {
  return MOMENTS.includes(field) && typeof value === "string" ? new Date(value) : value;
}
