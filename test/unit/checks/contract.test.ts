import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { checkChecks, checks, resolveChecks } from "../../../components/checks";
import type { Check, Verdict } from "../../../components/checks";
import { CHECK_KINDS, kindOf } from "../../../components/checks/kinds";
import { FakeCluster, ref, workload } from "./world";

const CANARY = "canary-77ab";
/** What the server outside of the cluster answers. */
let answer = { status: 200, body: "" };
let server: Server;
beforeAll(async () => {
  server = createServer((_request, response) => response.writeHead(answer.status).end(answer.body));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
const url = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

const prometheusAnswer = (value: string): string =>
  JSON.stringify({ status: "success", data: { resultType: "vector", result: [{ value: [0, value] }] } });

/** A kind, a good example of it, and how the world looks in which it passes, waits and fails. */
interface Example {
  readonly kind: keyof typeof CHECK_KINDS;
  readonly check: () => Check;
  /** Makes the world such that the verdict is that. */
  readonly world: Readonly<Partial<Record<Verdict["state"], (cluster: FakeCluster) => void>>>;
  readonly wrong: () => Check;
}

const EXAMPLES: readonly Example[] = [
  {
    kind: "rolloutReady",
    check: () => checks.rolloutReady(),
    wrong: () => checks.rolloutReady({ restarts: -1 }),
    world: {
      passed: (cluster) =>
        (cluster.objects = [workload("Job", { conditions: [{ type: "Complete", status: "True" }] })]),
      pending: (cluster) => (cluster.objects = [workload("Job", {})]),
      failed: (cluster) =>
        (cluster.objects = [workload("Job", { conditions: [{ type: "Failed", status: "True" }] })]),
    },
  },
  {
    kind: "http",
    check: () => checks.http({ url: url() }),
    wrong: () =>
      checks.http({ url: "ftp://example.com", path: "x", status: 1, requests: 0, atLeast: 2, body: "" }),
    world: {
      passed: () => (answer = { status: 200, body: "" }),
      pending: () => (answer = { status: 503, body: CANARY }),
    },
  },
  {
    kind: "job",
    check: () => checks.job({ name: "web", image: "web@sha256:0" }),
    wrong: () => checks.job({ name: "No", image: "", deadlineSeconds: 0 }),
    world: {
      passed: (cluster) =>
        (cluster.objects = [smoke({ conditions: [{ type: "Complete", status: "True" }] })]),
      pending: (cluster) => (cluster.objects = [smoke({})]),
      failed: (cluster) => (cluster.objects = [smoke({ conditions: [{ type: "Failed", status: "True" }] })]),
    },
  },
  {
    kind: "prometheus",
    check: () => checks.prometheus({ url: url(), query: "errors", max: 1 }),
    wrong: () =>
      checks.prometheus({ service: "prometheus", port: 9090, query: " ", token: { variable: "T" } }),
    world: {
      passed: () => (answer = { status: 200, body: prometheusAnswer("0.5") }),
      pending: () => (answer = { status: 503, body: CANARY }),
      failed: () => (answer = { status: 200, body: prometheusAnswer("2") }),
    },
  },
  {
    kind: "kubernetes",
    check: () =>
      checks.kubernetes({ apiVersion: "apps/v1", kind: "Deployment", name: "web", condition: "Ready" }),
    wrong: () => checks.kubernetes({ apiVersion: "", kind: "", name: "", path: "$[" }),
    world: {
      passed: (cluster) =>
        (cluster.objects = [workload("Deployment", { conditions: [{ type: "Ready", status: "True" }] })]),
      pending: (cluster) => (cluster.objects = [workload("Deployment", {})]),
      failed: (cluster) =>
        (cluster.objects = [workload("Deployment", { conditions: [{ type: "Stalled", status: "True" }] })]),
    },
  },
];

const smoke = (status: object): ReturnType<typeof workload> => ({
  ...workload("Job", status),
  metadata: { name: "web-a1b2c3d4", namespace: "shop", uid: "smoke", generation: 3 },
});

describe.each(EXAMPLES)("$kind honours the contract of checks", ({ kind, check, wrong, world }) => {
  let cluster: FakeCluster;
  beforeEach(() => {
    cluster = new FakeCluster();
    answer = { status: 200, body: "" };
  });

  it("has inputs that are plain data, which the state keeps as they are", () => {
    expect(JSON.parse(JSON.stringify(check()))).toEqual(check());
    expect(check().check).toBe(kind);
  });

  it("has no problem with good inputs, and says of wrong ones where they stand", () => {
    expect(checkChecks([check()], "checks")).toEqual([]);
    const problems = checkChecks([wrong()], "checks");
    expect(problems).not.toEqual([]);
    for (const problem of problems) expect(problem).toMatch(/^checks\[0\]/);
  });

  it("has a title in one line", () => {
    expect(kindOf(check()).title(check())).toMatch(/^[^\n]{3,120}$/);
  });

  it.each(Object.keys(world) as Verdict["state"][])(
    "knows when it is %s, and gives a reason in one line",
    async (state) => {
      world[state]!(cluster);
      const verdict = await kindOf(check()).observe(check(), cluster.target([ref("Job")]));
      expect(verdict.state).toBe(state);
      expect(verdict.reason).toMatch(/^[^\n]+$/);
      expect(verdict.reason).not.toContain(CANARY);
    },
  );
});

describe("the checks of a gate", () => {
  it("cover all kinds here", () => {
    expect(EXAMPLES.map(({ kind }) => kind).sort()).toEqual(Object.keys(CHECK_KINDS).sort());
  });

  it("begin with the rollout, unless there are to be none, or it is said with its own inputs", () => {
    const http = checks.http({ url: "https://example.com" });
    const own = checks.rolloutReady({ restarts: 3 });
    expect(resolveChecks(undefined)).toEqual([checks.rolloutReady()]);
    expect(resolveChecks([http])).toEqual([checks.rolloutReady(), http]);
    expect(resolveChecks([http, own])).toEqual([http, own]);
    expect(resolveChecks([])).toEqual([]);
  });

  it("are refused when they are none", () => {
    const [problem] = checkChecks([{ check: "magic" } as unknown as Check], "checks");
    expect(problem).toMatch(
      /^checks\[0\] is no check; make it with checks\.rolloutReady\(\), checks\.http\(\)/,
    );
  });
});
