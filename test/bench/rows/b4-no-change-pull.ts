import type { Contestant, Row } from "../contract.ts";
import { memoryFinding, timeFinding } from "../runner/index.ts";
import { NoChangeWorld } from "../workloads/pull/no-change.ts";

const SIZE = { clusters: 4, count: 100 };
const QUICK_SIZE = { clusters: 1, count: 5 };
const EMPTY = "empty program";

const row: Row = {
  id: "B4",
  title: "no change, by pull: pulumi up of what Flux has applied, real engine and clusters",
  async run(bench) {
    const { clusters, count } = bench.quick ? QUICK_SIZE : SIZE;
    const world = await NoChangeWorld.start(bench, { clusters, count });
    try {
      const before = await world.written();
      const contestants = (["ours", EMPTY] as const).map((who): Contestant => {
        return { name: who, run: () => world.up(who) };
      });
      const comparison = await bench.compare(contestants);
      const after = new Set(await world.written());
      const written = before.filter((version) => !after.has(version)).length;
      const metric = `pull, ${clusters * count} objects unchanged`;
      const target = { of: "slower", is: "at most", value: 1.3 } as const;
      return [
        timeFinding(comparison, { metric, ours: "ours", peer: EMPTY, target }),
        memoryFinding(comparison, { metric: `memory, ${metric}`, ours: "ours", peer: EMPTY }),
        {
          ...{ metric: `${metric}: objects and commits written`, unit: "writes" },
          ...{ ours: written, peer: 0, peerName: EMPTY },
          target: { of: "ours", is: "exactly", value: 0 },
        },
      ];
    } finally {
      await world.stop();
    }
  },
};
export default row;
