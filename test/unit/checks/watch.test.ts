import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { checks } from "../../../components/checks";
import type { Check, Verdict } from "../../../components/checks";
import {
  CONFIRM_MS,
  HEARTBEAT_MS,
  FIRST_INTERVAL_MS,
  INTERVAL_MS,
  LAPSE_MS,
  Progress,
  watch,
} from "../../../components/checks/watch";
import type { Outcome, WatchArgs } from "../../../components/checks/watch";
import type { Answer } from "../../../components/clusters/api";
import { FakeCluster } from "./world";

const TIMES = { timeoutMs: 60_000, bakeMs: 0 };
const as = (state: Verdict["state"]): Verdict => ({ state, reason: state });

/** Feeds verdicts, one each interval, and returns what was decided, and by which of them. */
function feed(
  states: readonly Verdict["state"][],
  times = TIMES,
): { index: number; outcome: Outcome } | undefined {
  const progress = new Progress(times, 0);
  for (const [index, state] of states.entries()) {
    const outcome = progress.take(as(state), index * INTERVAL_MS);
    if (outcome !== undefined) return { index, outcome };
  }
  return undefined;
}

const some = (state: Verdict["state"], count: number): Verdict["state"][] =>
  Array.from({ length: count }, () => state);
const CONFIRMED = CONFIRM_MS / INTERVAL_MS;
const LAPSED = LAPSE_MS / INTERVAL_MS;

describe("what is decided of a cluster", () => {
  it("is passed with the first good verdict when nothing bakes", () => {
    expect(feed(["pending", "pending", "passed"])).toMatchObject({ index: 2, outcome: { state: "passed" } });
  });

  it("is failed when a failure holds, and not by one that is over in a moment", () => {
    expect(feed(some("failed", 99))).toMatchObject({
      index: CONFIRMED,
      outcome: { state: "failed", reason: "failed" },
    });
    expect(feed([...some("failed", CONFIRMED), "passed"])).toMatchObject({ outcome: { state: "passed" } });
  });

  it("is failed by a crash loop, which looks well between two crashes", () => {
    const loop = ["failed", "failed", "pending", "failed"] as const;
    expect(feed(loop)).toMatchObject({ index: 3, outcome: { state: "failed" } });
  });

  it("is known within 30 s of the terminal reason", () => {
    expect(CONFIRM_MS + 2 * INTERVAL_MS).toBeLessThan(30_000);
  });

  it("is failed with the last reason when it is not as wanted in time", () => {
    const decided = feed(some("pending", 99));
    expect(decided?.index).toBe(TIMES.timeoutMs / INTERVAL_MS);
    expect(decided?.outcome.reason).toBe("not as wanted within 1 min: pending");
  });

  it("waits for the end of the time to bake, which the time to get ready is no part of", () => {
    const times = { timeoutMs: 4000, bakeMs: 20_000 };
    expect(feed(some("passed", 99), times)).toMatchObject({ index: 10, outcome: { state: "passed" } });
  });

  it("is failed when it does not stay so, and bears a lapse", () => {
    const times = { timeoutMs: 4000, bakeMs: 600_000 };
    const failed = feed(["passed", ...some("failed", 99)], times);
    expect(failed).toMatchObject({ index: 1 + CONFIRMED });
    expect(failed?.outcome.reason).toBe("was as wanted, and after 8 s no more: failed");
    expect(feed(["passed", ...some("pending", 99)], times)).toMatchObject({ index: 1 + LAPSED });
    const lapses = Array.from(
      { length: 40 },
      () => ["passed", ...some("pending", LAPSED - 1)] as const,
    ).flat();
    expect(feed(lapses, times)?.outcome.state).toBe("passed");
  });

  it("is failed as well when failures and lapses take turns: a gate comes to its end", () => {
    const times = { timeoutMs: 4000, bakeMs: 20_000 };
    const turns = Array.from({ length: 40 }, () => ["pending", "failed"] as const).flat();
    expect(feed(["passed", ...turns], times)).toMatchObject({ outcome: { state: "failed" } });
    const rare = Array.from({ length: 40 }, () => ["failed", ...some("pending", 4)] as const).flat();
    expect(feed(["passed", ...rare], times)).toMatchObject({ index: 1 + LAPSED });
  });

  it("always comes, and is never passed by a verdict that is not good", () => {
    const verdicts = fc.array(fc.constantFrom("passed" as const, "pending" as const, "failed" as const), {
      minLength: 90,
    });
    fc.assert(
      fc.property(verdicts, fc.integer({ min: 0, max: 60_000 }), (states, bakeMs) => {
        const decided = feed([...states, ...some("passed", 99)], { ...TIMES, bakeMs });
        expect(decided).toBeDefined();
        const last = [...states, ...some("passed", 99)][decided!.index];
        expect(decided!.outcome.state === "passed").toBe(last === "passed");
      }),
    );
  });
});

/** A clock that stands still but for sleeping. */
function clock(): {
  now: () => number;
  sleep: (ms: number) => Promise<void>;
  say: (line: string) => void;
  said: string[];
} {
  let now = 0;
  const said: string[] = [];
  const sleep = async (ms: number): Promise<void> => void ((now += ms), await Promise.resolve());
  return { now: () => now, sleep, said, say: (line) => said.push(line) };
}

const WIDGET = checks.kubernetes({
  apiVersion: "example.com/v1",
  kind: "Widget",
  name: "w",
  path: "$.phase",
  equals: "Good",
});

/** A cluster whose widget has a phase, or that answers something else. */
function cluster(
  name: string,
  phase: string | Answer,
  list: readonly Check[] = [WIDGET],
): WatchArgs["clusters"][number] {
  const fake = new FakeCluster();
  const answer =
    typeof phase === "string"
      ? { status: 200, text: JSON.stringify({ metadata: { name: "w" }, phase }) }
      : phase;
  fake.answers.set("/widgets/w", answer);
  return { checks: list, target: { ...fake.target(), cluster: name } };
}

describe("watching clusters", () => {
  it("ends when all are decided, and tells of each, once while nothing changes", async () => {
    const tools = clock();
    const clusters = [cluster("eu", "Good"), cluster("us", "Bad")];
    const outcomes = await watch({ clusters, ...TIMES, maxFailures: 1 }, tools);
    expect([...outcomes].map(([name, { state }]) => [name, state])).toEqual([
      ["eu", "passed"],
      ["us", "failed"],
    ]);
    expect(tools.said[0]).toBe("cluster eu: passed (0 s): Widget w has $.phase as wanted");
    expect(tools.said.filter((line) => line.includes("us: waiting")).length).toBeLessThanOrEqual(
      1 + TIMES.timeoutMs / HEARTBEAT_MS,
    );
    expect(tools.said.at(-1)).toMatch(
      /cluster us: failed \(1 min.*\): not as wanted within 1 min: Widget w has "Bad"/,
    );
  });

  it("looks again soon, and then more and more seldom", async () => {
    const tools = clock();
    const waits: number[] = [];
    const sleep = async (ms: number): Promise<void> => (waits.push(ms), tools.sleep(ms));
    await watch({ clusters: [cluster("us", "Bad")], ...TIMES, maxFailures: 0 }, { ...tools, sleep });
    expect(waits.slice(0, 5)).toEqual([FIRST_INTERVAL_MS, 500, 1000, INTERVAL_MS, INTERVAL_MS]);
    expect(Math.max(...waits)).toBe(INTERVAL_MS);
  });

  it.each([401, 403])("says who lacks a right when the answer is %i", async (status) => {
    const refused = { status, text: '{"message":"widgets is forbidden"}' };
    const outcomes = await watch({ clusters: [cluster("eu", refused)], ...TIMES, maxFailures: 0 }, clock());
    expect(outcomes.get("eu")?.state).toBe("failed");
    expect(outcomes.get("eu")?.reason).toMatch(/forbidden; give the right to whoever runs pulumi$/);
  });

  it("ends with one failure more than may be, and says of the others that they are open", async () => {
    const broken = { status: 403, text: '{"message":"widgets is forbidden"}' };
    const clusters = [cluster("eu", broken), cluster("us", "Bad")];
    const outcomes = await watch({ clusters, ...TIMES, maxFailures: 0 }, clock());
    expect(outcomes.get("eu")).toMatchObject({ state: "failed" });
    expect(outcomes.get("us")).toMatchObject({ state: "open" });
  });

  it.each([
    [
      { status: 503, text: '{"message":"etcd is away"}' },
      "not as wanted within 1 min: the API server answered 503: etcd is away",
    ],
    [
      { status: 429, text: "slow down" },
      "not as wanted within 1 min: the API server answered 429: slow down",
    ],
  ])("waits for a server that may be back: %j", async (answer, reason) => {
    const outcomes = await watch({ clusters: [cluster("eu", answer)], ...TIMES, maxFailures: 0 }, clock());
    expect(outcomes.get("eu")).toEqual({ state: "failed", reason });
  });

  it("looks at a check when those before it are as wanted, and at a job no more once it has succeeded", async () => {
    const fake = new FakeCluster();
    const conditions = [{ type: "Complete", status: "True" }];
    fake.answers.set("/jobs/smoke-a1b2c3d4", {
      status: 200,
      text: JSON.stringify({ metadata: { name: "smoke" }, status: { conditions } }),
    });
    fake.answers.set("/widgets/w", {
      status: 200,
      text: JSON.stringify({ metadata: { name: "w" }, phase: "Bad" }),
    });
    const job = checks.job({ name: "smoke", image: "smoke@sha256:0" });
    const watched = (list: readonly Check[]): Promise<unknown> =>
      watch(
        { clusters: [{ checks: list, target: fake.target() }], timeoutMs: 8000, bakeMs: 0, maxFailures: 0 },
        clock(),
      );
    const jobs = (): number => fake.asked.filter(({ path }) => path.includes("/jobs/")).length;
    await watched([WIDGET, job]);
    expect(jobs()).toBe(0);
    await watched([job, WIDGET]);
    expect(jobs()).toBe(1);
  });
});
