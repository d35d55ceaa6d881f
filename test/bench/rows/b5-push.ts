import { setTimeout as sleep } from "node:timers/promises";
import type { Bench, Contestant, Finding, Row, Sample } from "../contract.ts";
import { memoryFinding, timeFinding } from "../runner/index.ts";
import type { Objects } from "../workloads/push/programs.ts";
import { PushWorld } from "../workloads/push/world.ts";
import type { Deliverer } from "../workloads/push/world.ts";

/** Each cluster takes about 450 MB, and each provider that a program runs for it 130 MB. */
const SIZE = { clusters: 10, count: 100 };
const QUICK_SIZE = { clusters: 2, count: 5 };
/** One update of all of them takes longer than five seconds. */
const RUNS = 3;
/** What looks is not to be what is measured. */
const LOOK_EVERY_MS = 200;
/** How long a cluster says that it has too many requests, and what it says to wait, in seconds. */
const BUSY_SECONDS = 2;

/** With the bare SDK as its examples have it: the plugin replaces each ConfigMap. */
const PLAIN = "plain Pulumi";
/** The others are no target, and tell what is whose: the second has its ConfigMaps updated in place, as ours. */
const PEERS = [PLAIN, "plain Pulumi, mutable", "kubectl, one by one", "kubectl, 10 at once"] as const;

const row: Row = {
  id: "B5",
  title: "push: every object of 10 clusters updated; then one of them gone; then one busy",
  async run(bench) {
    const size = bench.quick ? QUICK_SIZE : SIZE;
    const world = await PushWorld.start(bench, "bench-b5", size.clusters);
    const push = new Push(world, size.count);
    try {
      return [...(await updates(bench, push)), ...(await faults(bench, push))];
    } finally {
      await world.stop();
    }
  },
};
export default row;

/** Deliveries of which each changes all objects. */
class Push {
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

async function updates(bench: Bench, push: Push): Promise<Finding[]> {
  const { clusters } = push.world;
  const all = ["ours", ...PEERS] as const;
  for (const who of all) await push.world.deliverChecked(who, push.next());
  bench.say(`the same objects in ${clusters.length} clusters from ${all.join("; ")}`);
  const contestants = all.map((who): Contestant => {
    return { name: who, run: () => push.world.deliver(who, push.next()) };
  });
  const comparison = await bench.compare(contestants, { runs: RUNS, warm: false });
  const metric = `update of ${push.count} objects in each of ${clusters.length} clusters`;
  const target = { of: "faster", is: "at least", value: 2 } as const;
  return [
    timeFinding(comparison, { metric, ours: "ours", peer: PLAIN, target }),
    memoryFinding(comparison, { metric: `memory, ${metric}`, ours: "ours", peer: PLAIN }),
    ...PEERS.slice(1).map((peer) => timeFinding(comparison, { metric, ours: "ours", peer })),
  ];
}

async function faults(bench: Bench, push: Push): Promise<Finding[]> {
  const { ways, clusters } = push.world;
  const [broken = "", ...others] = clusters;
  const route = ways.route(broken);
  const busy = {
    ...{ status: 429, headers: { "retry-after": "1" } },
    body: '{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"TooManyRequests","code":429}',
  };
  const contestants: readonly Contestant[] = [
    { name: "all there", run: () => push.untilThere("ours", others) },
    {
      name: "one gone",
      async run() {
        await ways.proxy.swallow(route);
        return push.untilThere("ours", others).finally(() => ways.proxy.pass(route));
      },
    },
    {
      name: "one busy",
      async run() {
        await ways.proxy.answer(route, busy);
        const ended = sleep(BUSY_SECONDS * 1000).then(() => ways.proxy.pass(route));
        return push.untilThere("ours", clusters).finally(() => ended);
      },
    },
  ];
  const comparison = await bench.compare(contestants, { runs: RUNS, warm: false });
  const target = { of: "slower", is: "at most", value: 1.1 } as const;
  const gone = `the other ${others.length} clusters while one swallows connections`;
  const late = `all clusters when one answers 429 for ${BUSY_SECONDS} s`;
  return [
    timeFinding(comparison, { metric: gone, ours: "one gone", peer: "all there", target }),
    timeFinding(comparison, { metric: late, ours: "one busy", peer: "all there" }),
  ];
}
