import type { Bench, Contestant, Finding, Row } from "../contract.ts";
import { memoryFinding, timeFinding } from "../runner/index.ts";
import { Pushes } from "../workloads/push/pushes.ts";
import { PushWorld } from "../workloads/push/world.ts";

/** Each cluster takes about 450 MB, and each provider that a program runs for it 130 MB. */
export const SIZE = { clusters: 10, count: 100 };
export const QUICK_SIZE = { clusters: 2, count: 5 };
/** A round of all takes more than ten minutes. */
const RUNS = 1;

/** With the bare SDK as its examples have it: the plugin replaces each ConfigMap. */
const PLAIN = "plain Pulumi";
/** The others are no target, and tell what is whose: the second has its ConfigMaps updated in place, as ours. */
const PEERS = [PLAIN, "plain Pulumi, mutable", "kubectl, one by one", "kubectl, 10 at once"] as const;

const row: Row = {
  id: "B5",
  title: "push: every object of 10 clusters updated",
  async run(bench) {
    const size = bench.quick ? QUICK_SIZE : SIZE;
    const world = await PushWorld.start(bench, "bench-b5", size.clusters);
    try {
      return await updates(bench, new Pushes(world, size.count));
    } finally {
      await world.stop();
    }
  },
};
export default row;

async function updates(bench: Bench, push: Pushes): Promise<Finding[]> {
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
