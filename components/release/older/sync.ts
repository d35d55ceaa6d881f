import { join } from "node:path";
import { systemEnvironment } from "../../environment";
import type { LedgerRuntime } from "../../ledger";
import { secretsOf } from "../../ledger/access/named";
import { Mistake } from "../../mistake";
import { askSync } from "../../source/ask";
import type { OlderRelease, RenderedLists } from "./args";
import { readKeptLists } from "./kept";
import type { MainAnswer, MainOrder } from "./main";

/** How long it may take in all, in seconds: a checkout, an installation and a render, each with bounds of its own. */
const TOTAL_SECONDS = 1200;
const MAX_ANSWER_BYTES = 512 * 1024 * 1024;
const BOUNDS = { what: "renders it", seconds: TOTAL_SECONDS, maxBytes: MAX_ANSWER_BYTES };

/**
 * {@link renderOlder} for a program that has to know the lists before it declares its first resource. What was rendered
 * on this machine before takes no process.
 *
 * @param config the stack's secret configuration, by full name.
 * @throws Mistake when a list cannot be had, with the reasons.
 */
export function renderOlderSync(order: OlderRelease, config: LedgerRuntime["config"]): RenderedLists {
  const kept = readKeptLists(order, systemEnvironment());
  const clusters = order.clusters.filter((cluster) => !kept.has(cluster));
  if (clusters.length === 0) return kept;
  const asked: MainOrder = {
    order: { ...order, clusters },
    secrets: secretsOf(order.ledger?.access, config),
  };
  const answer = askSync<MainAnswer>(join(__dirname, "main.js"), asked, BOUNDS);
  if (!("problems" in answer)) return new Map([...kept, ...answer.lists]);
  throw new Mistake(`Rendering release ${order.release.id}`, answer.problems);
}
