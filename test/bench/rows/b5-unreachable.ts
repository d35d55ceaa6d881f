import { setTimeout as sleep } from "node:timers/promises";
import type { Bench, Contestant, Finding, Row } from "../contract.ts";
import { timeFinding } from "../runner/index.ts";
import { withPushes } from "../workloads/push/pushes.ts";
import type { Pushes } from "../workloads/push/pushes.ts";

/** A round of the three takes about ten minutes. */
const RUNS = 1;
/** How long a cluster says that it has too many requests, and what it says to wait, in seconds. */
const BUSY_SECONDS = 2;

const row: Row = {
  id: "B5",
  title: "push: every object of 10 clusters updated, one of them gone; then one busy",
  run: (bench) => withPushes(bench, "bench-b5-faults", (push) => faults(bench, push)),
};
export default row;

async function faults(bench: Bench, push: Pushes): Promise<Finding[]> {
  const { ways, clusters } = push.world;
  const [broken = "", ...others] = clusters;
  const route = ways.route(broken);
  await push.world.deliverChecked("ours", push.next());
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
