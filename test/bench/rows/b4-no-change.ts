import type { Bench, Contestant, Finding, Row, Target } from "../contract.ts";
import { memoryFinding, timeFinding } from "../runner/index.ts";
import type { Objects } from "../workloads/push/programs.ts";
import { PushWorld } from "../workloads/push/world.ts";

const SIZE = { clusters: 4, count: 100, value: "unchanged" };
const QUICK_SIZE = { ...SIZE, clusters: 1, count: 5 };
const PUSH = "ours";
const TOLD = "ours, with a ledger";
const OURS = [PUSH, TOLD] as const;
const PLAIN = "plain Pulumi";
const EMPTY = "empty program";

const row: Row = {
  id: "B4",
  title: "no change, by push: pulumi up of what is there, real engine and clusters",
  async run(bench) {
    const { clusters, ...objects } = bench.quick ? QUICK_SIZE : SIZE;
    const world = await PushWorld.start(bench, "bench-b4", clusters);
    try {
      for (const who of [...OURS, PLAIN] as const) await world.deliverChecked(who, objects);
      bench.say(`${clusters * objects.count} objects in ${clusters} clusters, from all`);
      const findings = [...(await times(bench, world, objects)), ...(await writes(world, objects))];
      const versions = { pulumi: await world.pulumiVersion() };
      return findings.map((finding) => ({ ...finding, versions }));
    } finally {
      await world.stop();
    }
  },
};
export default row;

async function times(bench: Bench, world: PushWorld, objects: Objects): Promise<Finding[]> {
  const contestants = ([...OURS, PLAIN, EMPTY] as const).map((who): Contestant => {
    return { name: who, run: () => world.deliver(who, objects) };
  });
  const comparison = await bench.compare(contestants);
  const atMost = (value: number): Target => ({ of: "slower", is: "at most", value });
  const size = `${world.clusters.length * objects.count} objects unchanged`;
  const push = `push, ${size}`;
  const told = `push with a ledger, ${size}`;
  return [
    timeFinding(comparison, { metric: push, ours: PUSH, peer: PLAIN, target: atMost(1.1) }),
    memoryFinding(comparison, { metric: `memory, ${push}`, ours: PUSH, peer: PLAIN }),
    timeFinding(comparison, { metric: told, ours: TOLD, peer: PLAIN, target: atMost(1.1) }),
    timeFinding(comparison, { metric: push, ours: PUSH, peer: EMPTY }),
  ];
}

/** What an update of what is there writes: counted on the way to the clusters, and in the ledger. */
async function writes(world: PushWorld, objects: Objects): Promise<Finding[]> {
  await world.ways.reset();
  const before = await world.tip();
  for (const who of OURS) await world.deliver(who, objects);
  const requests = await Promise.all(world.clusters.map((cluster) => world.ways.changes(cluster)));
  const moved = (await world.tip()) === before ? 0 : 1;
  const none = { peer: 0, peerName: EMPTY, target: { of: "ours", is: "exactly", value: 0 } } as const;
  return [
    {
      metric: "writes to clusters, nothing changed",
      unit: "requests",
      ours: requests.flat().length,
      ...none,
    },
    { metric: "writes to repositories, nothing changed", unit: "branches", ours: moved, ...none },
  ];
}
