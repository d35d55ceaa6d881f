import { ledgerBranch, readLedger } from "../ledger";
import type { LedgerLocation, LedgerRuntime } from "../ledger";
import { problemsOf } from "../ledger/failure";
import { deploymentsOf } from "./deployments";
import type { Deployment } from "./deployments";
import { runningOf } from "./running";
import type { Running } from "./running";
import { readStackFile } from "./stack-file";
import type { StackFile } from "./stack-file";

/** Where the facts of an environment are found. Plain data, so that another process can be asked. */
export interface EnvironmentPlace {
  readonly app: string;
  readonly name: string;
  /** Where its releases come from: another environment, or `build`. */
  readonly from: string;
  /** Its clusters, in the order of their waves. */
  readonly clusters: readonly string[];
  /** Path of its stack's file. */
  readonly file: string;
  readonly ledger: Omit<LedgerLocation, "branch"> | undefined;
}

/** What is known of an environment from its file and its ledger; the clusters themselves were not asked. */
export interface EnvironmentFacts {
  readonly name: string;
  readonly from: string;
  readonly clusters: readonly string[];
  readonly file: StackFile;
  /** The newest first; none without a ledger. */
  readonly deployments: readonly Deployment[];
  /** What each cluster has been told to run; without a ledger it is what the file says. */
  readonly running: ReadonlyMap<string, Running>;
  /** Where `running` is from: without a ledger the engine's history tells it, and without that the file. */
  readonly source: "ledger" | "state" | "file";
  /** Why the ledger could not be read. */
  readonly problem: string | undefined;
}

/**
 * The updates of a stack as deployments, the newest first, whichever backend keeps its state; none where it cannot be
 * asked.
 */
export type StateHistory = (stack: string) => Promise<readonly Deployment[]>;

/**
 * Reads an environment's file and its branch of the ledger. A ledger that cannot be read is no error but a fact: the
 * file says less, and the problem is shown.
 *
 * @param stateHistory asked where the environment has no ledger.
 * @throws Mistake when the file is not YAML.
 */
export async function readEnvironment(
  place: EnvironmentPlace,
  runtime: LedgerRuntime = {},
  stateHistory: StateHistory = async () => [],
): Promise<EnvironmentFacts> {
  const { app, name, from, clusters } = place;
  const file = readStackFile(place.file);
  const base = { name, from, clusters, file };
  const location = locationOf(place, file);
  if (location === undefined) {
    const deployments = await stateHistory(name);
    const known = deployments.length > 0 ? updated(clusters, file, deployments) : told(clusters, file);
    return { ...base, ...known, problem: undefined };
  }
  try {
    const ledger = await readLedger(location, runtime);
    ledger.close();
    const running = runningOf(app, ledger.clusters, ledger.history);
    const deployments = deploymentsOf(ledger.history);
    return { ...base, deployments, running, source: "ledger", problem: undefined };
  } catch (error) {
    return { ...base, ...told(clusters, file), problem: problemsOf(error).join("; ") };
  }
}

function locationOf({ app, name, ledger }: EnvironmentPlace, file: StackFile): LedgerLocation | undefined {
  const branch = ledgerBranch(app, name);
  if (file.ledger !== undefined) return { repository: file.ledger, branch };
  return ledger === undefined ? undefined : { ...ledger, branch };
}

/** Every update is of all clusters, but of those that are held back. */
function updated(
  clusters: readonly string[],
  { pins, settings }: StackFile,
  deployments: readonly Deployment[],
): Pick<EnvironmentFacts, "deployments" | "running" | "source"> {
  const runs = (cluster: string): Running => {
    const pin = pins[cluster];
    const update = deployments.find(({ release }) => pin === undefined || release === pin);
    const { release = pin ?? "", sourceCommit: commit, begun: since } = update ?? {};
    return { release, commit, contentHash: "", settings, since };
  };
  const running = new Map(clusters.map((cluster) => [cluster, runs(cluster)]));
  return { deployments, running, source: "state" };
}

/** Without a ledger, what was promoted is taken for what runs. */
function told(
  clusters: readonly string[],
  { release, settings }: StackFile,
): Pick<EnvironmentFacts, "deployments" | "running" | "source"> {
  const { id = "", commit } = release ?? {};
  const running = { release: id, commit, contentHash: "", settings, since: undefined };
  const all = release === undefined ? [] : clusters.map((cluster) => [cluster, running] as const);
  return { deployments: [], running: new Map(all), source: "file" };
}
