import { systemEnvironment } from "../../environment";
import { LedgerError, problemsOf } from "../../ledger/failure";
import type { LedgerRuntime } from "../../ledger";
import { Mistake } from "../../mistake";
import type { OlderRelease, RenderedBy, RenderedLists, Say } from "./args";
import { cacheFolder } from "./cache";
import { readList } from "./files";
import { renderAtCommit } from "./from-commit";
import { readFromLedger } from "./from-ledger";
import { keepLists, readKeptLists } from "./kept";
import type { Rendered } from "../render";

/** How long the ledger may take to answer, in seconds; then the code at the commit is asked. */
export const LEDGER_SECONDS = 60;

/** What comes from outside; the environment is this process's unless another one is given. */
export interface OlderRuntime extends Pick<LedgerRuntime, "environment" | "config"> {
  readonly say: Say;
}

/**
 * What clusters are told to run by a release that other code than the running one has made: the bytes in the ledger,
 * or else what the code at its commit renders, which are the same bytes. Nothing is changed but a cache.
 *
 * @throws Mistake when a list can be had in neither way, with the reasons.
 */
export async function renderOlder(order: OlderRelease, runtime: OlderRuntime): Promise<RenderedLists> {
  const kept = readKeptLists(order, systemOf(runtime));
  const ledger = await tryLedger(without(order, kept), runtime);
  const published = marked(ledger.lists, "ledger");
  const rest = without(without(order, kept), published);
  const made = marked(await renderRest(rest, runtime, ledger.problems), "commit");
  return new Map([...kept, ...published, ...made]);
}

const systemOf = ({ environment }: OlderRuntime): NonNullable<OlderRuntime["environment"]> =>
  environment ?? systemEnvironment();

function without(order: OlderRelease, lists: RenderedLists): OlderRelease {
  return { ...order, clusters: order.clusters.filter((cluster) => !lists.has(cluster)) };
}

function marked(lists: ReadonlyMap<string, Rendered>, by: RenderedBy): RenderedLists {
  return new Map([...lists].map(([cluster, list]) => [cluster, { ...list, by }]));
}

interface LedgerAnswer {
  readonly lists: ReadonlyMap<string, Rendered>;
  /** Why some lists are not from the ledger. */
  readonly problems: readonly string[];
}

/** A ledger that cannot be read is no error as long as the release's code is there. */
async function tryLedger(order: OlderRelease, runtime: OlderRuntime): Promise<LedgerAnswer> {
  const { ledger, clusters } = order;
  if (ledger === undefined || clusters.length === 0) return { lists: new Map(), problems: [] };
  runtime.say(`the ledger ${ledger.branch} is asked for its bytes`);
  try {
    const lists = await inTime(readFromLedger(order, ledger, { ...runtime, environment: systemOf(runtime) }));
    const missing = clusters.filter((cluster) => !lists.has(cluster)).join(", ");
    const problem = `the ledger ${ledger.branch} does not have it for ${missing} with these settings`;
    return { lists, problems: missing === "" ? [] : [problem] };
  } catch (error) {
    const problems = problemsOf(error);
    for (const problem of problems) runtime.say(problem);
    return { lists: new Map(), problems };
  }
}

async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const problem = `the ledger did not answer within ${LEDGER_SECONDS} s`;
    timer = setTimeout(() => reject(new LedgerError("unreachable", [problem])), LEDGER_SECONDS * 1000);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

async function renderRest(
  order: OlderRelease,
  runtime: OlderRuntime,
  reasons: readonly string[],
): Promise<Map<string, Rendered>> {
  if (order.clusters.length === 0) return new Map();
  const system = systemOf(runtime);
  try {
    const answer = await renderAtCommit(order, { cache: cacheFolder(system), system, say: runtime.say });
    for (const note of answer.notes) runtime.say(note);
    const lists = listsOf(order, answer.files);
    keepLists(order, answer, system);
    return lists;
  } catch (error) {
    if (!(error instanceof Mistake)) throw error;
    throw new Mistake(error.message.split("\n")[0] ?? "", [...error.problems, ...reasons]);
  }
}

function listsOf(
  { app, clusters }: OlderRelease,
  files: Readonly<Record<string, Readonly<Record<string, string>>>>,
): Map<string, Rendered> {
  return new Map(
    clusters.map((cluster) => {
      const list = readList(app, Object.entries(files[cluster] ?? {}));
      if (list !== undefined) return [cluster, list] as const;
      throw new Mistake("Rendering it", [`what its code rendered for ${cluster} is no list with a record`]);
    }),
  );
}
