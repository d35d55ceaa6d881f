import { setTimeout as sleep } from "node:timers/promises";
import type { Sample } from "../../contract.ts";
import type { Objects } from "./programs.ts";
import type { Deliverer, PushWorld } from "./world.ts";

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
