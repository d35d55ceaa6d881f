/** What the linker of the biggest parts takes, in GiB. */
export const LINKER_GIB = 6;
/** More builds at once only wait for each other's compiler. */
export const MAX_BUILDS = 4;

/** How many parts are built at once. */
export function buildsAtOnce(cores: number, availableGib: number): number {
  const wanted = Math.min(cores, MAX_BUILDS, Math.floor(availableGib / LINKER_GIB));
  return Math.max(1, wanted);
}

export interface Timing {
  readonly coldSeconds: number;
  /** Seconds on any one clock; undefined until it happened. */
  readonly started?: number;
  readonly ended?: number;
}

/** Below this much finished work, in cold seconds, this machine's pace is not known. */
const PACE_KNOWN = 20;
const PACE_LIMITS = { slowest: 5, fastest: 0.1 };
/** A running step is never taken for more than this done: its time is a guess. */
const NEARLY_DONE = 0.9;

/**
 * A guess at the seconds until all is made: the cold seconds left, by this machine's pace so far.
 * Steps that run at once share the machine.
 */
export function secondsLeft(steps: readonly Timing[], now: number): number {
  const running = steps.filter((step) => step.started !== undefined && step.ended === undefined);
  const ofRunning = running.map((step) => {
    const share = (now - (step.started ?? now)) / running.length;
    return Math.min(share, step.coldSeconds * NEARLY_DONE);
  });
  const finished = sum(steps.filter((step) => step.ended !== undefined).map((step) => step.coldSeconds));
  const left = sum(steps.map((step) => step.coldSeconds)) - finished - sum(ofRunning);
  return left * pace(steps, finished, now);
}

function pace(steps: readonly Timing[], finished: number, now: number): number {
  if (finished < PACE_KNOWN) return 1;
  const starts = steps.flatMap((step) => step.started ?? []);
  const running = steps.filter((step) => step.started !== undefined && step.ended === undefined);
  const wall = now - Math.min(...starts);
  const worked =
    finished + sum(running.map((step) => Math.min(now - (step.started ?? now), step.coldSeconds)));
  return Math.min(PACE_LIMITS.slowest, Math.max(PACE_LIMITS.fastest, wall / worked));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** `45 s`, `3 min 50 s`. */
export function sayDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const rest = whole % 60;
  return rest === 0 ? `${whole / 60} min` : `${Math.floor(whole / 60)} min ${rest} s`;
}

/** A guess, said as one: whole minutes from a minute on, else steps of ten seconds. */
export function sayGuess(seconds: number): string {
  const unit = seconds < 60 ? 10 : 60;
  return `about ${sayDuration(Math.max(1, Math.ceil(seconds / unit)) * unit)}`;
}
