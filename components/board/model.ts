import { judgePromotion, oldestAgeMs } from "../guards";
import type { Guard, Hold, Judgement, Outcome, Promotion, Verdict } from "../guards";
import { verifiedTimes } from "../history";
import type { Deployment, EnvironmentFacts, Running } from "../history";
import type { Pending } from "../pending";
import { isHeld } from "../promotion/hold";
import type { AgentStatus } from "../pull/contract";

/** Where the agent in a cluster is with an environment that is left to it. */
export interface LiveAgent extends Pick<AgentStatus, "message" | "source"> {
  /** `flux` */
  readonly name: string;
  /** `unknown`: who looks at the board may not read the agent's objects. */
  readonly state: AgentStatus["state"] | "unknown";
}

interface LiveRecord {
  readonly release: string;
  readonly contentHash: string;
}

/** What a cluster itself said when it was asked; with an agent, what that has told it. */
export type LiveCluster =
  | ({ readonly state: "read"; readonly agent?: LiveAgent | undefined } & LiveRecord)
  /** It has no record. */
  | { readonly state: "empty"; readonly agent?: LiveAgent | undefined }
  | { readonly state: "unreachable"; readonly why: string };

/** How a cluster stands, the worst last. */
export type CellState = "verified" | "open" | "failed" | "empty" | "differs" | "unreachable";

/** One cluster of an environment. */
export interface BoardCell {
  readonly cluster: string;
  /** What it was told to run; undefined before the first deployment. */
  readonly release: string | undefined;
  readonly commit: string | undefined;
  /** When it was told. */
  readonly since: Date | undefined;
  readonly state: CellState;
  /** The state in words, as far as it needs some. */
  readonly note: string | undefined;
  /** The agent in the cluster; undefined without one, or when the clusters were not asked. */
  readonly agent: LiveAgent | undefined;
  /** It is held back at this release. */
  readonly pin: string | undefined;
  /** It runs another release than most of its environment, and is not held back. */
  readonly isBehind: boolean;
}

/** What waits for an environment, in short. */
export interface BoardPending {
  readonly changes: number;
  readonly releases: number;
  /** How long the oldest change has waited, in milliseconds. */
  readonly oldestMs: number | undefined;
  /** What guards say of the next release; undefined when there is none. */
  readonly outcome: Outcome | undefined;
  /** Their warnings and blocks. */
  readonly verdicts: readonly Verdict[];
  /** A release that fits when the next one is blocked. */
  readonly proposal: string | undefined;
  /** What has to be known of it, as that the history is cut. */
  readonly note: string | undefined;
}

/** One environment. */
export interface BoardRow {
  readonly environment: string;
  readonly from: string;
  readonly mode: string;
  readonly cells: readonly BoardCell[];
  /** How many releases its clusters run: more than one is skew. */
  readonly releases: number;
  readonly pending: BoardPending;
  readonly hold: Hold | undefined;
  /** The release that the file names and that no cluster was told yet. */
  readonly promoted: string | undefined;
  /** The newest first, at most {@link MAX_TIMELINE}. */
  readonly timeline: readonly Deployment[];
  /** Where what runs is from; without a ledger the file is taken at its word. */
  readonly source: EnvironmentFacts["source"];
  /** Why its ledger could not be read. */
  readonly problem: string | undefined;
}

/** What runs where, and what waits. */
export interface Board {
  readonly app: string;
  readonly made: Date;
  /** Whether the clusters were asked. */
  readonly live: boolean;
  readonly rows: readonly BoardRow[];
}

/** How many deployments of an environment are shown. */
export const MAX_TIMELINE = 30;

/** What a row is made of. */
export interface RowFacts {
  readonly facts: EnvironmentFacts;
  readonly mode: string;
  readonly guards: readonly Guard[];
  readonly pending: Pending;
  /** The promotion of the next release; undefined when there is none. */
  readonly promotion: Promotion | undefined;
  /** By cluster; undefined when they were not asked. */
  readonly live: ReadonlyMap<string, LiveCluster> | undefined;
  readonly now: Date;
}

/** An environment's row of the board. A pure function of the facts. */
export function boardRow(row: RowFacts): BoardRow {
  const { facts, pending, mode, now } = row;
  const { hold, pins } = facts.file;
  const usual = usualRelease(facts);
  const cells = facts.clusters.map((cluster) => boardCell(cluster, row, usual));
  const unpinned = cells.filter(({ cluster }) => !Object.hasOwn(pins, cluster));
  return {
    ...{ environment: facts.name, from: facts.from, mode, cells },
    releases: new Set(unpinned.flatMap(({ release }) => release ?? [])).size,
    pending: boardPending(row),
    hold: isHeld(hold, now) ? hold : undefined,
    promoted: pending.promoted?.id,
    timeline: facts.deployments.slice(0, MAX_TIMELINE),
    source: facts.source,
    problem: facts.problem,
  };
}

/** What most of the clusters run that are not held back; of equally many, what was told last. */
function usualRelease({ running, file }: EnvironmentFacts): string | undefined {
  const counts = new Map<string, number>();
  for (const [cluster, { release }] of running) {
    if (!Object.hasOwn(file.pins, cluster)) counts.set(release, (counts.get(release) ?? 0) + 1);
  }
  const last = (release: string): number =>
    Math.max(...[...running.values()].filter((one) => one.release === release).map(sinceMs));
  return [...counts].toSorted(([a, m], [b, n]) => n - m || last(b) - last(a))[0]?.[0];
}

const sinceMs = ({ since }: Running): number => since?.getTime() ?? 0;

function boardCell(cluster: string, { facts, live }: RowFacts, usual: string | undefined): BoardCell {
  const running = facts.running.get(cluster);
  const pin = facts.file.pins[cluster];
  const asked = live?.get(cluster);
  const agent = asked?.state === "unreachable" ? undefined : asked?.agent;
  const { state, note } = cellState(facts, running, asked);
  return {
    ...{ cluster, release: running?.release, commit: running?.commit, since: running?.since },
    ...{ ...withAgent(state, agent), note, agent, pin },
    isBehind: running !== undefined && pin === undefined && running.release !== usual,
  };
}

type Stated = Pick<BoardCell, "state" | "note">;

/** What the ledger has is verified no longer when its agent has given it up since. */
function withAgent(state: CellState, agent: LiveAgent | undefined): Pick<BoardCell, "state"> {
  const isBroken = agent?.state === "failed" && (state === "verified" || state === "open");
  return { state: isBroken ? "failed" : state };
}

function cellState(
  { deployments, source }: EnvironmentFacts,
  running: Running | undefined,
  live: LiveCluster | undefined,
): Stated {
  if (live?.state === "unreachable") return { state: "unreachable", note: live.why };
  if (running === undefined) return { state: "empty", note: "nothing was told yet" };
  const difference = live === undefined ? undefined : differenceOf(running, live);
  if (difference !== undefined) return { state: "differs", note: difference };
  if (source === "file") return { state: "open", note: "as its file says: there is no ledger" };
  if (verifiedTimes(deployments, running.release) !== undefined)
    return { state: "verified", note: undefined };
  const told = deployments.find(({ release }) => release === running.release);
  return { state: told?.outcome === "failed" ? "failed" : "open", note: undefined };
}

/** The file says less than a record: it has no content hash. */
function differenceOf({ release, contentHash }: Running, live: LiveCluster): string | undefined {
  if (live.state === "empty") return "the cluster has no record of it";
  if (live.state !== "read") return undefined;
  if (live.release !== release) return `the cluster says ${live.release}`;
  const isOther = contentHash !== "" && live.contentHash !== contentHash;
  return isOther ? "the cluster has it with other content" : undefined;
}

function boardPending({ pending, guards, promotion, facts, now }: RowFacts): BoardPending {
  const isNew = promotion !== undefined && pending.next?.id !== pending.current?.id;
  const judgement = isNew && pending.relation !== "same" ? judgePromotion(guards, promotion) : undefined;
  const isWaiting = pending.changes.length > 0 || pending.releases.length > 0;
  const said = isWaiting ? judgement : undefined;
  return {
    changes: pending.changes.length,
    releases: pending.releases.length,
    oldestMs: oldestAgeMs(pending.changes, now),
    outcome: said?.outcome,
    verdicts: (said?.verdicts ?? []).filter(({ outcome }) => outcome !== "pass"),
    proposal: proposalOf(said),
    note: pendingNote(pending, facts),
  };
}

const proposalOf = (judgement: Judgement | undefined): string | undefined => judgement?.proposal?.id;

function pendingNote(
  { relation, next, from, current }: Pending,
  facts: EnvironmentFacts,
): string | undefined {
  if (facts.problem !== undefined) return undefined;
  if (next === undefined) return `${from} has verified nothing yet`;
  if (current === undefined) return "nothing runs here yet";
  if (relation === "behind") return `ahead of ${from}`;
  if (relation === "diverged") return `what runs here is no longer part of the history of ${from}`;
  if (relation === "unknown") return "this clone lacks a commit: run git fetch --unshallow";
  return undefined;
}
