import type { CompareOptions, Comparison, Contestant, Control, Sample, Summary } from "../contract.ts";
import { CONTROL_LIMIT } from "./control.ts";
import type { ControlLoop } from "./control.ts";
import { median, percentile } from "./stats.ts";

/** Rounds for each one that has to count: a loaded machine gets that many chances. */
const CHANCES = 2;
/** How long a comparison may take, in milliseconds, until void rounds are no longer made again. */
const PATIENCE_MS = 60_000;

/** One turn of every contestant, and how much the control loop moved around it. */
interface Round {
  readonly moved: number;
  readonly samples: ReadonlyMap<string, Sample>;
}

/**
 * Lets contestants run in turn, so that what disturbs one disturbs the others, until enough rounds are undisturbed. A
 * round during which the control loop moves by more than {@link CONTROL_LIMIT} is void. When the chances are used up
 * the least disturbed rounds are taken, and the comparison says that the machine was not quiet.
 */
export async function compareInRounds(
  contestants: readonly Contestant[],
  { runs, warm }: Required<CompareOptions>,
  loop: Pick<ControlLoop, "movement">,
): Promise<Comparison> {
  // For the caches of the file system.
  if (warm) await turn(contestants);
  const rounds: Round[] = [];
  const begun = performance.now();
  const hasChances = (): boolean =>
    rounds.length < runs * (performance.now() - begun < PATIENCE_MS ? CHANCES : 1);
  while (rounds.filter(isQuiet).length < runs && hasChances()) {
    const before = loop.movement();
    const samples = await turn(contestants);
    rounds.push({ moved: Math.max(before, loop.movement()), samples });
  }
  return summarize(leastMoved(rounds, runs));
}

async function turn(contestants: readonly Contestant[]): Promise<Map<string, Sample>> {
  const samples = new Map<string, Sample>();
  for (const contestant of contestants) samples.set(contestant.name, await contestant.run());
  return samples;
}

const isQuiet = ({ moved }: Round): boolean => moved <= CONTROL_LIMIT;

function leastMoved(rounds: readonly Round[], runs: number): readonly Round[] {
  return [...rounds].sort((a, b) => a.moved - b.moved).slice(0, runs);
}

function summarize(rounds: readonly Round[]): Comparison {
  const moved = Math.max(...rounds.map((round) => round.moved));
  const control: Control = { moved, quiet: moved <= CONTROL_LIMIT };
  return {
    control,
    of(name) {
      const samples = rounds.flatMap((round) => round.samples.get(name) ?? []);
      if (samples.length === 0) throw new Error(`No contestant is called ${name}.`);
      return summaryOf(samples);
    },
  };
}

function summaryOf(samples: readonly Sample[]): Summary {
  const times = samples.map(({ ms }) => ms);
  const peaks = samples.flatMap(({ peakMiB }) => peakMiB ?? []);
  return {
    median: median(times),
    p90: percentile(times, 0.9),
    runs: times.length,
    peakMiB: peaks.length === 0 ? undefined : Math.max(...peaks),
  };
}
