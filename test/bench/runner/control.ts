import { createHash } from "node:crypto";

/** How much slower than at its best the control loop may be, as a share. */
export const CONTROL_LIMIT = 0.15;

/** Runs to find out how fast the machine is when nobody disturbs it. */
const WARM_UP_RUNS = 8;
const LOOPS = 60;
const BLOCK_BYTES = 256 * 1024;

/**
 * A fixed piece of work that has nothing to do with what is measured. When it gets slower, something else does on the
 * machine, and what was measured beside it does not count.
 */
export class ControlLoop {
  #best = Infinity;
  readonly #measure: () => number;

  /** @param measure milliseconds of one run of the work */
  constructor(measure: () => number = controlWork) {
    this.#measure = measure;
    for (let run = 0; run < WARM_UP_RUNS; run++) this.movement();
  }

  /** Runs the work once, and says how much slower it was than the fastest run so far: 0.1 is a tenth. */
  movement(): number {
    const ms = this.#measure();
    this.#best = Math.min(this.#best, ms);
    return ms / this.#best - 1;
  }
}

/** Hashing, and making and parsing text: about 50 ms of what renders, engines and plugins do, too. */
function controlWork(): number {
  const block = Buffer.alloc(BLOCK_BYTES, "control");
  const begun = performance.now();
  for (let loop = 0; loop < LOOPS; loop++) {
    const digest = createHash("sha256").update(block).digest("hex");
    JSON.parse(JSON.stringify(Array.from({ length: 500 }, (_, index) => ({ index, digest }))));
  }
  return performance.now() - begun;
}
