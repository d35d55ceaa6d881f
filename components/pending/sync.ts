import { join } from "node:path";
import { askSync } from "../source/ask";
import type { Answer, Order } from "./main";

/** How long the ledger and the history may take, in seconds. */
const SECONDS = 300;
const MAX_BYTES = 256 * 1024 * 1024;
/** Fields of a promotion that are moments. */
const MOMENTS = ["now", "time", "until", "verifiedUpstream", "verifiedHere"];

/** What a promotion is judged by, for a program that has to know it before it declares its first resource. */
export function askPromotionSync(order: Order): Answer {
  const bounds = { what: "asks the ledger", seconds: SECONDS, maxBytes: MAX_BYTES, revive: revived };
  return askSync<Answer>(join(__dirname, "main.js"), order, bounds);
}

function revived(field: string, value: unknown): unknown {
  return MOMENTS.includes(field) && typeof value === "string" ? new Date(value) : value;
}
