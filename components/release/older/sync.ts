import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { systemEnvironment } from "../../environment";
import type { GitAccess, LedgerRuntime } from "../../ledger";
import { Mistake } from "../../mistake";
import type { OlderRelease, RenderedLists } from "./args";
import { readKeptLists } from "./kept";
import type { MainAnswer, MainOrder } from "./main";

/** How long it may take in all, in seconds: a checkout, an installation and a render, each with bounds of its own. */
const TOTAL_SECONDS = 1200;
const MAX_ANSWER_BYTES = 512 * 1024 * 1024;

/**
 * {@link renderOlder} for a program that has to know the lists before it declares its first resource. The work is
 * done by another process, which this one waits for: so a component stays synchronous, and every preview complete.
 * What was rendered on this machine before takes no process.
 *
 * @param config the stack's secret configuration, by full name.
 * @throws Mistake when a list cannot be had, with the reasons.
 */
export function renderOlderSync(order: OlderRelease, config: LedgerRuntime["config"]): RenderedLists {
  const kept = readKeptLists(order, systemEnvironment());
  const clusters = order.clusters.filter((cluster) => !kept.has(cluster));
  if (clusters.length === 0) return kept;
  const secrets = secretsOf(order.ledger?.access, config);
  const answer = ask({ order: { ...order, clusters }, secrets });
  if (!("problems" in answer)) return new Map([...kept, ...answer.lists]);
  throw new Mistake(`Rendering release ${order.release.id}`, answer.problems);
}

/** @internal Only those that the access names. They go through a pipe: not on a command line and not into the environment. */
export function secretsOf(
  access: GitAccess | undefined,
  config: LedgerRuntime["config"],
): Record<string, string> {
  const sources = Object.values(access ?? {}).filter((value) => typeof value === "object");
  const names = sources.flatMap(({ config: name }) => (name === undefined ? [] : [name]));
  const found = names.map((name) => [name, config?.(name)] as const);
  return Object.fromEntries(found.filter((pair): pair is readonly [string, string] => pair[1] !== undefined));
}

function ask(order: MainOrder): MainAnswer {
  try {
    const said = execFileSync(process.execPath, [join(__dirname, "main.js")], {
      input: JSON.stringify(order),
      stdio: ["pipe", "pipe", "inherit"],
      timeout: TOTAL_SECONDS * 1000,
      maxBuffer: MAX_ANSWER_BYTES,
      encoding: "utf8",
    });
    return JSON.parse(said) as MainAnswer;
  } catch (error) {
    const { status, signal, code } = error as { status?: number; signal?: string; code?: string };
    return {
      problems: [`the process for it ended without an answer (${signal ?? code ?? status}); see above`],
    };
  }
}
