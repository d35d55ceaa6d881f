import { CLIENT_RATE } from "pulumi-delivery";
import type { Bench, Contestant, Finding, Row } from "../contract.ts";
import { timeFinding } from "../runner/index.ts";
import type { Objects } from "../workloads/push/programs.ts";
import { PushWorld } from "../workloads/push/world.ts";
import type { RateDeliverer } from "../workloads/push/world.ts";

/** As many objects as make a push a big one, in one cluster; the same in some of them, each with a rate of its own. */
const SIZES = [
  { clusters: 1, count: 1000 },
  { clusters: 4, count: 50 },
];
const QUICK_SIZES = [{ clusters: 1, count: 20 }];
/** One update takes longer than five seconds. */
const RUNS = 3;
const CHOSEN: RateDeliverer = `rate ${CLIENT_RATE.qps}/${CLIENT_RATE.burst}`;
/** The first is what the plugin allows itself when nothing is said. */
const OTHERS: readonly RateDeliverer[] = ["rate 50/120", "rate 100/200", "rate 200/400"];

/** Not of the table of trust.md: what `kubeClientSettings` was chosen by. */
const row: Row = {
  id: "B10",
  title:
    "client rate: an update of all objects, by how many requests a second the plugin may make to a cluster",
  async run(bench) {
    const findings: Finding[] = [];
    for (const size of bench.quick ? QUICK_SIZES : SIZES) findings.push(...(await measure(bench, size)));
    return findings;
  },
};
export default row;

async function measure(
  bench: Bench,
  { clusters, count }: { readonly clusters: number; readonly count: number },
): Promise<Finding[]> {
  const world = await PushWorld.start(bench, "bench-b10", clusters);
  let serial = 0;
  const next = (): Objects => ({ count, value: `value ${serial++}` });
  try {
    for (const who of [CHOSEN, ...OTHERS]) await world.deliverChecked(who, next());
    const contestants = [CHOSEN, ...OTHERS].map((who): Contestant => {
      return { name: who, run: () => world.deliver(who, next()) };
    });
    const comparison = await bench.compare(contestants, { runs: RUNS, warm: false });
    const metric = `update of ${count} objects in each of ${clusters} clusters, ${CHOSEN}`;
    return OTHERS.map((peer) => timeFinding(comparison, { metric, ours: CHOSEN, peer }));
  } finally {
    await world.stop();
  }
}
