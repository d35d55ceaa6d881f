import { setTimeout as sleep } from "node:timers/promises";
import type { Bench, Sample } from "../../contract.ts";
import type { Objects } from "./programs.ts";
import { PushWorld } from "./world.ts";
import type { Deliverer } from "./world.ts";

/** Each cluster takes about 450 MB, and each provider that a program runs for it 130 MB. */
const SIZE = { clusters: 10, count: 100 };
const QUICK_SIZE = { clusters: 2, count: 5 };
/** What looks is not to be what is measured. */
const LOOK_EVERY_MS = 200;

/** Deliveries of which each changes all objects. */
export class Pushes {
  readonly world: PushWorld;
  readonly count: number;
  #serial = 0;

  constructor(world: PushWorld, count: number) {
    this.world = world;
    this.count = count;
  }

  next(): Objects {
    return { count: this.count, value: `value ${this.#serial++}` };
  }

  /** Time until all of these clusters have the objects; the delivery itself may fail. */
  async untilThere(who: Deliverer, clusters: readonly string[]): Promise<Sample> {
    const objects = this.next();
    const begun = performance.now();
    let ended = false;
    const delivery = this.world.tryDeliver(who, objects).finally(() => (ended = true));
    let waiting = clusters;
    let ms = 0;
    for (let last = false; waiting.length > 0 && !last;) {
      await sleep(LOOK_EVERY_MS);
      // What is there only after its end was there at its end, too.
      last = ended;
      waiting = await this.#firstWithout(who, objects, waiting);
      ms = performance.now() - begun;
    }
    const { peakMiB } = await delivery;
    if (waiting.length > 0) throw new Error(`${who} left ${waiting.join(", ")} without their objects`);
    return { ms, peakMiB };
  }

  /** The clusters from the first one on that does not have them yet: those behind it need no look. */
  async #firstWithout(
    who: Deliverer,
    objects: Objects,
    clusters: readonly string[],
  ): Promise<readonly string[]> {
    for (const [index, cluster] of clusters.entries())
      if ((await this.world.without(who, objects, [cluster])).length > 0) return clusters.slice(index);
    return [];
  }
}

/** B5's clusters, for as long as some work takes. @param name of the sandbox, of which there is one at a time */
export async function withPushes<T>(
  bench: Bench,
  name: string,
  work: (pushes: Pushes) => Promise<T>,
): Promise<T> {
  const { clusters, count } = bench.quick ? QUICK_SIZE : SIZE;
  const world = await PushWorld.start(bench, name, clusters);
  try {
    return await work(new Pushes(world, count));
  } finally {
    await world.stop();
  }
}
