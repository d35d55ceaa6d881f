import type { Bench, Contestant, Finding, Row } from "../contract.ts";
import { memoryFinding, timeFinding } from "../runner/index.ts";
import { withPushes } from "../workloads/push/pushes.ts";
import type { Pushes } from "../workloads/push/pushes.ts";

/** A round of all takes more than ten minutes. */
const RUNS = 1;

/** With the bare SDK as its examples have it: the plugin replaces each ConfigMap. */
const PLAIN = "plain Pulumi";
/** The others are no target, and tell what is whose: the second has its ConfigMaps updated in place, as ours. */
const PEERS = [PLAIN, "plain Pulumi, mutable", "kubectl, one by one", "kubectl, 10 at once"] as const;

const row: Row = {
  id: "B5",
  title: "push: every object of 10 clusters updated",
  run: (bench) => withPushes(bench, "bench-b5", (push) => updates(bench, push)),
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
