import { durationText } from "../duration";
import type { CheckTarget, Verdict } from "../contract";
import type { Check } from "../kinds";
import { look } from "./look";
import { Progress } from "./progress";
import type { Outcome, Times } from "./progress";

/** How long is waited between two looks at a cluster at most, in milliseconds. */
export const INTERVAL_MS = 2000;
/** How long is waited after the first look, in milliseconds; then twice as long each time. Most rollouts are short. */
export const FIRST_INTERVAL_MS = 250;
/** How long nothing is said while nothing changes, in milliseconds. */
export const HEARTBEAT_MS = 30_000;

export interface WatchedCluster {
  readonly target: CheckTarget;
  readonly checks: readonly Check[];
}

export interface WatchArgs extends Times {
  readonly clusters: readonly WatchedCluster[];
  /** How many clusters may fail: with one more all is decided, and nobody is watched any longer. */
  readonly maxFailures: number;
}

/** The clock, and where progress is told. */
export interface WatchTools {
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly say: (line: string) => void;
}

/** Watches clusters at once, until each is decided or too many have failed. Returns the outcome of each, by name. */
export async function watch(args: WatchArgs, tools: WatchTools): Promise<ReadonlyMap<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  const isDecided = (): boolean =>
    [...outcomes.values()].filter(({ state }) => state === "failed").length > args.maxFailures;
  const watching = args.clusters.map(async (cluster) => {
    const outcome = await watchOne(cluster, args, { ...tools, isDecided });
    outcomes.set(cluster.target.cluster, outcome);
  });
  await Promise.all(watching);
  return new Map(args.clusters.map(({ target: { cluster } }) => [cluster, outcomes.get(cluster)!]));
}

interface OneTools extends WatchTools {
  readonly isDecided: () => boolean;
}

async function watchOne({ target, checks }: WatchedCluster, times: Times, tools: OneTools): Promise<Outcome> {
  const begun = tools.now();
  const progress = new Progress(times, begun);
  const teller = new Teller(`cluster ${target.cluster}`, begun, tools);
  const over = new Set<number>();
  for (let wait = FIRST_INTERVAL_MS; ; wait = Math.min(wait * 2, INTERVAL_MS)) {
    const verdict = await look(checks, target, over);
    const outcome = progress.take(verdict, tools.now());
    if (outcome !== undefined) return teller.decided(outcome);
    if (tools.isDecided()) return { state: "open", reason: verdict.reason };
    teller.still(verdict, progress.isBaking ? times.bakeMs : undefined);
    await tools.sleep(wait);
  }
}

/** Tells what is new, and now and then that nothing is. */
class Teller {
  readonly #title: string;
  readonly #begun: number;
  readonly #tools: WatchTools;
  #last = { text: "", at: -Infinity };

  constructor(title: string, begun: number, tools: WatchTools) {
    this.#title = title;
    this.#begun = begun;
    this.#tools = tools;
  }

  still({ state, reason }: Verdict, bakeMs: number | undefined): void {
    const isGood = state === "passed" && bakeMs !== undefined;
    const text = isGood ? `as wanted, and has to stay so for ${durationText(bakeMs)}` : `waiting: ${reason}`;
    const now = this.#tools.now();
    if (text === this.#last.text && now - this.#last.at < HEARTBEAT_MS) return;
    this.#last = { text, at: now };
    this.#tools.say(`${this.#title}: ${text} (${this.#elapsed()})`);
  }

  decided(outcome: Outcome): Outcome {
    this.#tools.say(`${this.#title}: ${outcome.state} (${this.#elapsed()}): ${outcome.reason}`);
    return outcome;
  }

  #elapsed(): string {
    return durationText(this.#tools.now() - this.#begun);
  }
}
