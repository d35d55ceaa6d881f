import type { Bench, Contestant, Finding, Row } from "../contract.ts";
import { median, timeFinding } from "../runner/index.ts";
import type { Author } from "../workloads/pull/objects.ts";
import { PullWorld } from "../workloads/pull/world.ts";
import type { Stacks, Trigger } from "../workloads/pull/world.ts";

const SIZE = { many: 100, runs: 10, manyRuns: 2 };
const QUICK = { many: 5, runs: 2, manyRuns: 1 };
const AUTHORS = ["ours", "by hand"] as const;
const AT_MOST = { of: "slower", is: "at most", value: 1.05 } as const;
/** How long it may take, by a webhook, until a push is seen, in milliseconds. */
const DETECT_MS = 2_000;

const row: Row = {
  id: "B8",
  title: "commit to applied: a push, through the same real Flux",
  async run(bench) {
    const { many, runs, manyRuns } = bench.quick ? QUICK : SIZE;
    const world = await PullWorld.start(bench, "bench-b8");
    try {
      const findings = [
        ...(await measure(bench, world, { count: 1, trigger: "webhook", runs })),
        ...(await measure(bench, world, { count: many, trigger: "request", runs: manyRuns })),
      ];
      const versions = { flux: (await world.fluxVersion()).replace(/^v/, "") };
      return findings.map((finding) => ({ ...finding, versions }));
    } finally {
      await world.stop();
    }
  },
};
export default row;

interface Question {
  readonly count: number;
  readonly trigger: Trigger;
  readonly runs: number;
}

async function measure(bench: Bench, world: PullWorld, question: Question): Promise<Finding[]> {
  const { count, trigger, runs } = question;
  const stacks = new Map<Author, Stacks>();
  for (const author of AUTHORS) stacks.set(author, await world.stacks(author, count, trigger === "webhook"));
  bench.say(`${count} stacks of each, which have delivered once; Flux hears of a push by ${trigger}`);
  const seen = new Map<Author, number[]>(AUTHORS.map((author) => [author, []]));
  const contestants = AUTHORS.map((author): Contestant => {
    const run = async (): ReturnType<Contestant["run"]> => {
      const { ms, seenMs } = await stacks.get(author)!.deliver(trigger);
      seen.get(author)!.push(seenMs);
      return { ms };
    };
    return { name: author, run };
  });
  const comparison = await bench.compare(contestants, { runs });
  const metric = `${count} ${count === 1 ? "stack" : "stacks"}, push to applied, by ${trigger}`;
  const found = timeFinding(comparison, { metric, ours: "ours", peer: "by hand", target: AT_MOST });
  return trigger === "webhook" ? [found, detection(seen)] : [found];
}

function detection(seen: ReadonlyMap<Author, readonly number[]>): Finding {
  return {
    metric: "push to seen, by webhook",
    unit: "ms",
    ours: median(seen.get("ours")!),
    peer: median(seen.get("by hand")!),
    peerName: "by hand",
    target: { of: "ours", is: "at most", value: DETECT_MS, unit: "ms" },
  };
}
