import { createServer } from "node:http";
import type { IncomingMessage, Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { checkChecks, checks } from "../../../components/checks";
import type { Check, HttpArgs, KubernetesArgs, Verdict } from "../../../components/checks";
import { kindOf } from "../../../components/checks/kinds";
import { jobManifest } from "../../../components/checks/job/manifest";
import { standardPath } from "../../../components/checks/kubernetes/path";
import { checkPodSecurity } from "../../../components/manifests";
import type { Manifest } from "../../../components/manifests";
import { FakeCluster, pod, waits, workload } from "./world";

const CANARY = "canary-e0e0";
let answers: (request: IncomingMessage, index: number) => { status: number; body: string };
const asked: IncomingMessage[] = [];
let server: Server;
beforeAll(async () => {
  server = createServer((request, response) => {
    const { status, body } = answers(request, asked.push(request) - 1);
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => void (asked.length = 0));
const url = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

const observe = (check: Check, cluster = new FakeCluster(), environment = {}): Promise<Verdict> =>
  kindOf(check).observe(check, { ...cluster.target(), environment });

describe("http", () => {
  const http = (args: object): Check => checks.http({ url: url(), ...args } as HttpArgs);

  it("is as wanted when n of m answers are", async () => {
    answers = (_request, index) => ({ status: index % 4 === 0 ? 503 : 200, body: "" });
    expect(await observe(http({ requests: 8, atLeast: 6 }))).toMatchObject({ state: "passed" });
    const { reason } = await observe(http({ requests: 8, atLeast: 7 }));
    expect(reason).toBe(`${url()}/: 6 of 8 answers are as wanted; one was 503`);
  });

  it("wants a text in the answer when one is said, and repeats nothing of what it got", async () => {
    answers = () => ({ status: 200, body: `version 2 ${CANARY}` });
    expect((await observe(http({ body: "version 2" }))).state).toBe("passed");
    const { state, reason } = await observe(http({ body: "version 3" }));
    expect([state, reason.includes(CANARY)]).toEqual(["pending", false]);
    expect(reason).toContain('one does not hold "version 3"');
  });

  it("asks below the path of its address, and follows no redirect", async () => {
    answers = () => ({ status: 302, body: "" });
    const check = checks.http({ url: `${url()}/app/`, path: "/healthz?full=1", status: 302 });
    expect((await observe(check)).state).toBe("passed");
    expect(asked.map((request) => request.url)).toEqual(["/app/healthz?full=1"]);
  });

  it("names the address without its query, where a key may be", async () => {
    answers = () => ({ status: 500, body: "" });
    const { reason } = await observe(checks.http({ url: `${url()}/x?key=${CANARY}` }));
    expect(reason).toContain(`${url()}/x: `);
    expect(reason).not.toContain(CANARY);
  });

  it("waits for an address that does not answer", async () => {
    const { state, reason } = await observe(checks.http({ url: "http://127.0.0.1:1" }));
    expect([state, reason]).toEqual([
      "pending",
      "http://127.0.0.1:1/: 0 of 1 answers are as wanted; ECONNREFUSED",
    ]);
  });

  it("reaches a Service through the API server, and says what that says", async () => {
    const cluster = new FakeCluster();
    cluster.answers.set("/proxy/", {
      status: 503,
      text: '{"kind":"Status","message":"no endpoints available"}',
    });
    const check = checks.http({ service: "web", port: "http", path: "/healthz", scheme: "https" });
    const { reason } = await observe(check, cluster);
    expect(cluster.asked[0]?.path).toBe("/api/v1/namespaces/shop/services/https:web:http/proxy/healthz");
    expect(reason).toContain(
      "/healthz of Service web: 0 of 1 answers are as wanted; one was 503 (no endpoints available)",
    );
  });

  it("refuses an address with a password in it, without repeating it", () => {
    const problems = checkChecks([checks.http({ url: `https://me:${CANARY}@example.com` })], "checks");
    expect(problems).toEqual([expect.stringContaining("has credentials in it")]);
    expect(problems.join()).not.toContain(CANARY);
  });

  it("has either a service or a url", () => {
    const both = { service: "web", port: 80, url: "https://example.com" } as unknown as HttpArgs;
    expect(checkChecks([checks.http(both)], "c")).toEqual(["c[0] has both url and service; give one"]);
    expect(checkChecks([checks.http({} as HttpArgs)], "c")).toEqual([
      "c[0] has neither service nor url; give one",
    ]);
    const port = checks.http({ service: "web", port: 0 });
    expect(checkChecks([port], "c")).toEqual([
      "c[0].port is 0; give the number or the name of the Service's port",
    ]);
  });
});

describe("job", () => {
  const smoke = checks.job({
    name: "smoke",
    image: `web@sha256:${"1".repeat(64)}`,
    command: ["/smoke"],
    env: { A: "b" },
  });

  it("is made when it is not there, for this passing alone, and fits the restricted profile", async () => {
    const cluster = new FakeCluster();
    cluster.answers.set("/jobs/smoke-a1b2c3d4", { status: 404, text: "{}" });
    expect(await observe(smoke, cluster)).toEqual({
      state: "pending",
      reason: "Job smoke-a1b2c3d4 has begun",
    });
    const made = cluster.asked.find(({ method }) => method === "POST")!;
    expect(made.path).toBe("/apis/batch/v1/namespaces/shop/jobs");
    expect(made.body).toMatchObject({ metadata: { name: "smoke-a1b2c3d4" }, spec: { backoffLimit: 0 } });
    const manifest = jobManifest(smoke, cluster.target()) as Manifest;
    expect(checkPodSecurity([manifest])).toEqual([]);
  });

  it("fails with the last message of its container", async () => {
    const conditions = [
      { type: "Failed", status: "True", reason: "BackoffLimitExceeded", message: "it failed" },
    ];
    const job = { ...workload("Job", { conditions }), metadata: { name: "smoke-a1b2c3d4", uid: "j" } };
    const terminated = { exitCode: 2, message: "/healthz: 500" };
    const failed = pod("smoke-x", "j", { containerStatuses: [{ name: "smoke", state: { terminated } }] });
    const verdict = await observe(smoke, new FakeCluster([job, failed]));
    expect(verdict).toEqual({
      state: "failed",
      reason: "Job smoke-a1b2c3d4: it failed (BackoffLimitExceeded); exit code 2: /healthz: 500",
    });
  });

  it("fails before its deadline when its image cannot be pulled", async () => {
    const job = { ...workload("Job", {}), metadata: { name: "smoke-a1b2c3d4", uid: "j" } };
    const verdict = await observe(smoke, new FakeCluster([job, pod("smoke-x", "j", waits("ErrImagePull"))]));
    expect(verdict.state).toBe("failed");
    expect(verdict.reason).toContain("ErrImagePull");
  });
});

describe("prometheus", () => {
  const result = (data: object): void =>
    void (answers = () => ({ status: 200, body: JSON.stringify({ status: "success", data }) }));
  const prometheus = (range: object): Check =>
    checks.prometheus({ url: url(), query: "rate(errors[1m])", ...range });

  it.each([
    [{ max: 0.01 }, ["0.01"], "passed", "rate(errors[1m]) is 0.01"],
    [{ max: 0.01 }, ["0", "0.02"], "failed", "rate(errors[1m]) is 0.02, and has to be at most 0.01"],
    [{ min: 1 }, ["NaN"], "failed", "rate(errors[1m]) is NaN, and has to be at least 1"],
    [{ min: 1, max: 2 }, ["3"], "failed", "rate(errors[1m]) is 3, and has to be from 1 to 2"],
    [{ max: 1 }, [], "pending", "rate(errors[1m]) has no result yet"],
  ])("with %j and %j is %s", async (range, values, state, reason) => {
    result({ resultType: "vector", result: values.map((value) => ({ value: [0, value] })) });
    expect(await observe(prometheus(range))).toEqual({ state, reason });
    expect(asked[0]?.url).toBe("/api/v1/query?query=rate(errors%5B1m%5D)");
  });

  it("takes a scalar, and says of other results how to write the query", async () => {
    result({ resultType: "scalar", result: [0, "7"] });
    expect((await observe(prometheus({ min: 7 }))).state).toBe("passed");
    result({ resultType: "matrix", result: [] });
    expect((await observe(prometheus({ min: 7 }))).reason).toContain(
      "the query gives a matrix; write one that gives a number now",
    );
  });

  it("sends a token that it finds where it is said to be, and fails without one by the name of the place", async () => {
    result({ resultType: "scalar", result: [0, "1"] });
    const check = prometheus({ min: 1, token: { variable: "PROMETHEUS_TOKEN" } });
    expect((await observe(check, new FakeCluster(), { PROMETHEUS_TOKEN: CANARY })).state).toBe("passed");
    expect(asked[0]?.headers.authorization).toBe(`Bearer ${CANARY}`);
    await expect(observe(check)).rejects.toThrow("PROMETHEUS_TOKEN");
  });
});

describe("kubernetes", () => {
  const of = (args: object): Check =>
    checks.kubernetes({ apiVersion: "apps/v1", kind: "Deployment", name: "web", ...args } as KubernetesArgs);
  const conditions = [
    { type: "Ready", status: "False", message: "still  at\nit" },
    { type: "Old", status: "True", observedGeneration: 2 },
  ];
  const cluster = (): FakeCluster =>
    new FakeCluster([workload("Deployment", { conditions, phase: "Running", count: 2 })]);

  it.each([
    [{ condition: "Ready", status: "False" }, "passed", "Deployment web has Ready=False"],
    [{ condition: "Ready" }, "pending", "Deployment web has Ready=False: still at it"],
    [{ condition: "Odd" }, "pending", "Deployment web has no condition Odd"],
    [{ condition: "Old" }, "pending", "Deployment web was not looked at by its controller since it changed"],
    [
      { path: "{.status.phase}", equals: "Running" },
      "passed",
      "Deployment web has {.status.phase} as wanted",
    ],
    [{ path: "$.status.count", equals: 2 }, "passed", "Deployment web has $.status.count as wanted"],
    [
      { path: "$.status.count", equals: "2" },
      "pending",
      'Deployment web has 2 at $.status.count, and not "2"',
    ],
    [{ path: ".status.nothing" }, "pending", "Deployment web has nothing at .status.nothing"],
    [
      { path: '$.status.conditions[?(@.type=="Ready")].status', equals: "False" },
      "passed",
      expect.any(String),
    ],
  ])("%j is %s: %s", async (args, state, reason) => {
    expect(checkChecks([of(args)], "checks")).toEqual([]);
    expect(await observe(of(args), cluster())).toEqual({ state, reason });
  });

  it("takes the paths of kubectl as those of the standard", () => {
    expect([".a.b", "{.a.b}", "a.b", "$.a.b", "[0]"].map(standardPath)).toEqual([
      "$.a.b",
      "$.a.b",
      "$.a.b",
      "$.a.b",
      "$[0]",
    ]);
  });
});
