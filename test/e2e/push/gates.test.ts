import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { KubeObject } from "../../../sandbox/clusters/index.ts";
import type { RunResult } from "../../../sandbox/processes/index.ts";
import { makePushWorld, wave } from "./world";
import type { PushWorld } from "./world";

const CANARY_FIRST = `waves: [${wave("canary", ["eu-1"])}, ${wave("rest", ["us-1"])}]`;
/** Longest time from the terminal reason to the error, in milliseconds (F11 of the trust table). */
const NOTICED_MS = 30_000;

let world: PushWorld;
let web: Server;
beforeAll(async () => {
  // A stand-in for what is outside of the clusters: a public address, and a Prometheus that knows one number.
  web = createServer(({ url = "" }, response) => {
    const result = [{ value: [0, "0.25"] }];
    const answer = JSON.stringify({ status: "success", data: { resultType: "vector", result } });
    response.end(url.startsWith("/api/v1/query?query=errors") ? answer : "orders 1.0");
  });
  await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
  world = await makePushWorld("gates");
});
afterAll(async () => {
  await world?.remove();
  await new Promise((resolve) => web.close(resolve));
});
beforeEach(() => world.ways.reset());

const webUrl = (): string => `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
const failure = ({ code, stdout, stderr }: RunResult): string => {
  expect(code).not.toBe(0);
  for (const { tokens } of world.sandbox.clusters) expect(stdout + stderr).not.toContain(tokens.admin);
  expect(stdout + stderr).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
  return stdout;
};
const greetingIn = async (cluster: string): Promise<string | undefined> =>
  (await world.in(cluster).objects())["ConfigMap/orders-config"]?.data?.["GREETING"];

/** What a kubelet would report of a pod, by the hand of the test: nothing runs on the nodes of the sandbox. */
async function report(cluster: string, pod: KubeObject, status: object): Promise<void> {
  const { api, name } = world.in(cluster);
  const path = `/api/v1/namespaces/${name}/pods/${pod.metadata.name}/status`;
  const { status: code, text } = await api.send({
    method: "PATCH",
    path,
    body: { status },
    contentType: "application/strategic-merge-patch+json",
  });
  if (code !== 200) throw new Error(text);
}

/** The pod that a Deployment made last and that has no node, once it is there. */
async function waitingPod(cluster: string): Promise<KubeObject> {
  const { api, name } = world.in(cluster);
  const find = async (): Promise<KubeObject | undefined> =>
    (await api.list({ apiVersion: "v1", kind: "Pod" }, { namespace: name })).find(
      ({ status }) => (status as { phase?: string } | undefined)?.phase === "Pending",
    );
  await expect.poll(find, { timeout: 60_000, interval: 200 }).toBeDefined();
  return (await find())!;
}

const CRASHED = { exitCode: 1, reason: "Error", message: "no database at 10.0.0.7\n" };
const CRASHING = {
  phase: "Running",
  containerStatuses: [
    {
      ...{ name: "orders", image: "orders", imageID: "", ready: false, restartCount: 3 },
      state: { waiting: { reason: "CrashLoopBackOff", message: "back-off 40s restarting failed container" } },
      lastState: { terminated: CRASHED },
    },
  ],
};
const RUNNING = {
  conditions: [{ type: "Ready", status: "True", lastTransitionTime: "2026-01-01T00:00:00Z" }],
  containerStatuses: [
    {
      ...{ name: "orders", image: "orders", imageID: "", ready: true, restartCount: 3 },
      state: { running: { startedAt: "2026-01-01T00:00:00Z" } },
    },
  ],
};

/** In order, on one delivery: what one does, the next goes on from. */
describe("a gate on real clusters", () => {
  it("passes what is as all kinds of checks want it, and stays so, and tells of it while it waits", async () => {
    const all = `checks: [
      checks.http({ url: "${webUrl()}", body: "orders 1.0", requests: 3, atLeast: 2 }),
      checks.job({ name: "smoke", image: "registry.example.com/acme/orders@sha256:${"5".repeat(64)}", command: ["/smoke"] }),
      checks.prometheus({ url: "${webUrl()}", query: "errors", max: 0.5 }),
      checks.kubernetes({ apiVersion: "apps/v1", kind: "Deployment", name: "orders", condition: "Available" }),
      checks.kubernetes({ apiVersion: "v1", kind: "Service", name: "orders", path: "{.spec.ports[0].port}", equals: 8080 }),
    ], bake: "1s"`;
    world.deliver({ targets: `waves: [${wave("canary", ["eu-1"], all)}, ${wave("rest", ["us-1"])}]` });
    const { code, stdout } = await world.project.tryUp();
    expect(stdout).toMatch(
      /gate "canary": cluster eu-1: passed \(\d+ s\): .*1 workloads are rolled out.*3 of 3 answers/,
    );
    expect(stdout).toContain('gate "canary": cluster eu-1: as wanted, and has to stay so for 1 s');
    expect(code).toBe(0);
    const { api, name } = world.in("eu-1");
    const jobs = await api.list({ apiVersion: "batch/v1", kind: "Job" }, { namespace: name });
    expect(jobs.map(({ metadata }) => metadata.name)).toEqual([expect.stringMatching(/^smoke-[0-9a-f]{8}$/)]);
  });

  it("shows in a preview what it will look at", async () => {
    world.deliver({ targets: CANARY_FIRST, greeting: "next" });
    const preview = await world.project.pulumi("preview", "--diff", "--stack", "dev", "--color", "never");
    expect(preview).toMatch(/delivery:Gate[\s\S]*checks[\s\S]*eu-1[\s\S]*rolloutReady/);
  });

  it("fails soon by a crash loop, with the container's last message, and leaves the next wave as it is", async () => {
    const before = await world.in("us-1").versions();
    world.deliver({ targets: CANARY_FIRST, greeting: "crash", tooBigIn: ["eu-1"] });
    const running = world.project.tryUp();
    await report("eu-1", await waitingPod("eu-1"), CRASHING);
    const crashed = performance.now();
    const said = failure(await running);
    expect(performance.now() - crashed).toBeLessThan(NOTICED_MS);
    expect(said).toMatch(
      /gate "canary" of release by content failed: cluster eu-1: Deployment orders: container orders of pod /,
    );
    expect(said).toContain(
      "CrashLoopBackOff, 3 restarts, ended with exit code 1 (Error): no database at 10.0.0.7",
    );
    expect(await world.in("us-1").versions()).toEqual(before);
    expect(await world.ways.changes("us-1")).toEqual([]);
  });

  it("is what the next update goes on from: nothing before it is done again", async () => {
    await report("eu-1", await crashingPod(), RUNNING);
    const before = await world.in("eu-1").versions();
    await world.project.up();
    const changed = await world.ways.changes("eu-1");
    const objects = new Set(changed.map(({ path }) => path.replace(/\?.*/, "")));
    expect([...objects]).toEqual([expect.stringMatching(/\/configmaps\/orders-release$/)]);
    const after = await world.in("eu-1").versions();
    expect({ ...after, "ConfigMap/orders-release": "" }).toEqual({
      ...before,
      "ConfigMap/orders-release": "",
    });
    expect(await greetingIn("us-1")).toBe("crash");
    expect(await world.project.up()).toEqual({});
  });

  async function crashingPod(): Promise<KubeObject> {
    const { api, name } = world.in("eu-1");
    const pods = await api.list({ apiVersion: "v1", kind: "Pod" }, { namespace: name });
    return pods.find(({ status }) => JSON.stringify(status).includes("CrashLoopBackOff"))!;
  }
});

describe("pods that may not be made", () => {
  const both = (greeting: string, more = ""): void =>
    world.deliver({
      targets: `waves: [${wave("all", ["us-1", "dev-1"], `maxParallel: 2, ${more}`)}, ${wave("last", ["eu-1"])}]`,
      greeting,
    });

  it("by a quota and by an admission policy fail all their clusters at once, each with its rule", async () => {
    await forbid();
    both("refused");
    const said = failure(await world.project.tryUp());
    expect(said).toMatch(/gate "all" of release by content failed:/);
    expect(said).toMatch(
      /cluster us-1: Deployment orders: its pods may not be made: .*exceeded quota: no-more-pods/,
    );
    expect(said).toMatch(
      /cluster dev-1.*Deployment orders: .*(its pods may not|could not) be made.*ValidatingAdmissionPolicy/,
    );
    expect(await greetingIn("eu-1")).toBe("crash");
  });

  it("are let through where as many clusters may fail, which the gate remembers and looks at again", async () => {
    both("refused", "maxFailures: 2");
    await world.project.up();
    expect(await greetingIn("eu-1")).toBe("refused");
    const gate = await gateInState("orders/gate/all");
    expect(Object.keys(gate.outputs["failed"] as object).sort()).toEqual(["dev-1", "us-1"]);
  });

  it("are there after the mend, and nothing is left to do", async () => {
    await allow();
    both("mended", "maxFailures: 2");
    await world.project.up();
    expect((await gateInState("orders/gate/all")).outputs["failed"]).toEqual({});
  });

  const POLICY = { apiVersion: "admissionregistration.k8s.io/v1", kind: "ValidatingAdmissionPolicy" };
  const POLICY_NAME = "gates-no-pods";

  async function forbid(): Promise<void> {
    const [us, dev] = [world.in("us-1"), world.in("dev-1")];
    await dev.api.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: dev.name } });
    const quota = {
      apiVersion: "v1",
      kind: "ResourceQuota",
      metadata: { name: "no-more-pods", namespace: us.name },
    };
    await us.api.apply({ ...quota, spec: { hard: { pods: "1" } } } as Applied);
    await us.api.until(
      quota,
      (found) => (found?.status as { used?: object } | undefined)?.used !== undefined,
    );
    const rule = { apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] };
    const metadata = { name: POLICY_NAME };
    await dev.api.apply({
      ...{ ...POLICY, metadata },
      spec: {
        matchConstraints: { resourceRules: [rule] },
        validations: [{ expression: "false", message: "no pods on Fridays" }],
      },
    } as Applied);
    const only = { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": dev.name } } };
    await dev.api.apply({
      ...{ ...POLICY, kind: "ValidatingAdmissionPolicyBinding", metadata },
      spec: { policyName: POLICY_NAME, validationActions: ["Deny"], matchResources: only },
    } as Applied);
    await expect.poll(trialPod, { timeout: 30_000, interval: 500 }).toContain("no pods on Fridays");
  }

  type Applied = Parameters<ReturnType<PushWorld["in"]>["api"]["apply"]>[0];

  /** A policy needs some seconds until it is in force. */
  async function trialPod(): Promise<string> {
    const { api, name } = world.in("dev-1");
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "trial" },
      spec: {
        securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
        containers: [
          {
            ...{ name: "a", image: "a" },
            securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
          },
        ],
      },
    };
    const { text } = await api.send({
      method: "POST",
      path: `/api/v1/namespaces/${name}/pods?dryRun=All`,
      body: pod,
    });
    return text;
  }

  async function allow(): Promise<void> {
    const [us, dev] = [world.in("us-1"), world.in("dev-1")];
    await us.api.remove({
      apiVersion: "v1",
      kind: "ResourceQuota",
      metadata: { name: "no-more-pods", namespace: us.name },
    });
    await dev.api.remove({
      ...POLICY,
      kind: "ValidatingAdmissionPolicyBinding",
      metadata: { name: POLICY_NAME },
    });
    await dev.api.remove({ ...POLICY, metadata: { name: POLICY_NAME } });
    await expect.poll(trialPod, { timeout: 30_000, interval: 500 }).not.toContain("no pods on Fridays");
  }
});

interface Kept {
  readonly urn: string;
  readonly outputs: Readonly<Record<string, unknown>>;
}

async function gateInState(name: string): Promise<Kept> {
  const text = await world.project.pulumi("stack", "export", "--stack", "dev");
  const { deployment } = JSON.parse(text) as { deployment: { resources: Kept[] } };
  return deployment.resources.find(({ urn }) => urn.endsWith(`::${name}`))!;
}

/** What an older version of the library left behind, as its engine exported it. */
const OLD_STATE = join(import.meta.dirname, "state-before-checks.yaml");

describe("a state that a version before gates had checks wrote", () => {
  it("is taken over: nothing is made anew or deleted, no pod is restarted, and then nothing is left to do", async () => {
    const eu = world.in("eu-1");
    world.deliver({ targets: `waves: [${wave("canary", ["eu-1"])}]` });
    await world.project.up();
    const before = [await eu.uids(), (await eu.pods()).sort()];
    world.project.write("state.json", JSON.stringify(parse(readFileSync(OLD_STATE, "utf8"))));
    await world.project.pulumi("stack", "import", "--stack", "dev", "--file", "state.json");
    expect(Object.keys(await world.project.up())).toEqual(["updated"]);
    expect([await eu.uids(), (await eu.pods()).sort()]).toEqual(before);
    expect(await world.project.up()).toEqual({});
  });
});
