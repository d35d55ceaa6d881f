import type { Bench, Contestant, Finding, Row } from "../contract.ts";
import { memoryFinding, timeFinding } from "../runner/index.ts";
import { PushWorld } from "../workloads/push/world.ts";
import type { Deliverer } from "../workloads/push/world.ts";

const SIZE = { clusters: 4, count: 100, value: "unchanged" };
const QUICK_SIZE = { ...SIZE, clusters: 1, count: 5 };
const PLAIN = "plain Pulumi";
const EMPTY = "empty program";

const row: Row = {
  id: "B4",
  title: "no change: pulumi up of what is there, real engine and clusters",
  async run(bench) {
    const { clusters, ...objects } = bench.quick ? QUICK_SIZE : SIZE;
    const world = await PushWorld.start(bench, "bench-b4", clusters);
    try {
      for (const who of ["ours", PLAIN] as const) await world.deliverChecked(who, objects);
      bench.say(`${clusters * objects.count} objects in ${clusters} clusters, from both`);
      return await measure(bench, world, objects);
    } finally {
      await world.stop();
    }
  },
};
export default row;

async function measure(
  bench: Bench,
  world: PushWorld,
  objects: { readonly count: number; readonly value: string },
): Promise<Finding[]> {
  const before = await world.versions("ours");
  const contestants = (["ours", PLAIN, EMPTY] as const).map((who): Contestant => {
    return { name: who, run: () => world.deliver(who satisfies Deliverer, objects) };
  });
  const comparison = await bench.compare(contestants);
  const after = new Set(await world.versions("ours"));
  const written = before.filter((version) => !after.has(version)).length;
  const metric = `push, ${before.length} objects unchanged`;
  const target = { of: "slower", is: "at most", value: 1.1 } as const;
  const versions = { pulumi: await world.pulumiVersion() };
  const findings: Finding[] = [
    timeFinding(comparison, { metric, ours: "ours", peer: PLAIN, target }),
    memoryFinding(comparison, { metric: `memory, ${metric}`, ours: "ours", peer: PLAIN }),
    timeFinding(comparison, { metric, ours: "ours", peer: EMPTY }),
    {
      ...{ metric: `${metric}: objects written`, unit: "objects", ours: written, peer: 0, peerName: EMPTY },
      target: { of: "ours", is: "exactly", value: 0 },
    },
  ];
  return findings.map((finding) => ({ ...finding, versions }));
}
