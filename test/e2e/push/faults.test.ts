import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { RequestRecord } from "../../../sandbox/proxy/index.ts";
import type { RunResult } from "../../../sandbox/processes/index.ts";
import { makePushWorld, target, wave } from "./world";
import type { Delivery, PushWorld } from "./world";

const EU = `clusters: [${target("eu-1")}]`;
/** Part of the requests that are answered with a fault. */
const SHARE = 0.3;

type Applied = Parameters<ReturnType<PushWorld["in"]>["api"]["apply"]>[0];

let world: PushWorld;
beforeAll(async () => {
  world = await makePushWorld("faults");
  deliver({ greeting: "first" });
  await world.project.up();
});
afterAll(() => world?.remove());
beforeEach(() => world.ways.reset());

const deliver = (delivery: Partial<Delivery>): void => world.deliver({ targets: EU, ...delivery });
const greeting = async (): Promise<string | undefined> =>
  (await world.in("eu-1").objects())["ConfigMap/orders-config"]?.data?.["GREETING"];
const recorded = async (): Promise<string | undefined> =>
  (await world.in("eu-1").objects())["ConfigMap/orders-release"]?.data?.["contentHash"];

/** What `up` says when it fails: no stack trace and no credential is in it. */
async function fails(): Promise<string> {
  const { code, stdout, stderr }: RunResult = await world.project.tryUp();
  expect([code !== 0, stdout]).toEqual([true, expect.any(String)]);
  for (const { tokens } of world.sandbox.clusters) expect(stdout + stderr).not.toContain(tokens.admin);
  expect(stdout + stderr).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
  return stdout;
}

const requests = (): Promise<RequestRecord[]> => world.ways.proxy.requests(world.ways.route("eu-1"));
/** Requests that changed an object, by its path, that the API server itself answered. */
async function applied(): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { path, made } of await world.ways.changes("eu-1")) {
    const object = path.replace(/\?.*/, "");
    if (!made) counts[object] = (counts[object] ?? 0) + 1;
  }
  return counts;
}

/** Applies that came again before the second was over that a refusal said to wait; clocks are a little off. */
function tooSoon(all: readonly RequestRecord[]): RequestRecord[] {
  const applies = all.filter(({ method }) => method === "PATCH");
  return applies.filter(({ path, at }, index) => {
    const before = applies.slice(0, index).findLast((earlier) => earlier.path === path);
    return before?.made === true && at - before.at < 950;
  });
}

/** In order, on one delivery: what one does, the next goes on from. */
describe("an API server that is overloaded (F3)", () => {
  const busy = (status: number, reason: string): object => ({
    ...{ status, share: SHARE / 2, headers: { "retry-after": "1", "content-type": "application/json" } },
    body: JSON.stringify({ kind: "Status", apiVersion: "v1", status: "Failure", reason, code: status }),
  });

  it("gets everything applied once, by twice the requests at most, none of them too soon", async () => {
    deliver({ greeting: "calm" });
    await world.project.up();
    const calm = { count: (await requests()).length, applied: await applied() };
    await world.ways.reset();
    const route = world.ways.route("eu-1");
    await world.ways.proxy.answer(route, busy(429, "TooManyRequests") as never);
    await world.ways.proxy.answer(route, busy(500, "InternalError") as never);
    deliver({ greeting: "stormy" });
    await world.project.up();
    expect(await greeting()).toBe("stormy");
    expect(await applied()).toEqual(calm.applied);
    const all = await requests();
    expect(all.filter(({ made }) => made).length).toBeGreaterThan(0);
    expect(all.length).toBeLessThanOrEqual(2 * calm.count);
    expect(tooSoon(all)).toEqual([]);
  });
});

describe("what a cluster refuses (F10)", () => {
  it("fails at once with the rule that refuses it, and is asked for once", async () => {
    const { api, name: namespace } = world.in("eu-1");
    const quota = { apiVersion: "v1", kind: "ResourceQuota", metadata: { name: "few", namespace } };
    await api.apply({ ...quota, spec: { hard: { "count/configmaps": "3" } } } as Applied);
    await api.until(quota, (found) => (found?.status as { used?: object } | undefined)?.used !== undefined);
    deliver({
      greeting: "stormy",
      more: `[{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "one-more" }, data: {} }]`,
    });
    const before = await recorded();
    expect(await fails()).toMatch(/one-more.*exceeded quota: few/s);
    expect(Object.entries(await applied()).filter(([path]) => path.endsWith("/one-more"))).toEqual([
      [expect.any(String), 1],
    ]);
    expect(await recorded()).toBe(before);
    await api.remove(quota);
  });
});

describe("an admission webhook that is down (F14)", () => {
  const WEBHOOK = {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingWebhookConfiguration",
    metadata: { name: "faults-down" },
  };

  it("is named, what it guards is not taken for applied, and the next update goes on from there", async () => {
    const { api, name } = world.in("eu-1");
    const rule = { apiGroups: [""], apiVersions: ["v1"], operations: ["UPDATE"], resources: ["configmaps"] };
    await api.apply({
      ...WEBHOOK,
      webhooks: [
        {
          ...{ name: "down.example.com", rules: [rule], failurePolicy: "Fail", timeoutSeconds: 1 },
          ...{ sideEffects: "None", admissionReviewVersions: ["v1"] },
          clientConfig: { url: "https://127.0.0.1:1/validate" },
          namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
        },
      ],
    } as Applied);
    const path = `/api/v1/namespaces/${name}/configmaps/orders-config?fieldManager=test&dryRun=All`;
    const body = { metadata: { labels: { tried: "yes" } } };
    const contentType = "application/merge-patch+json";
    await expect
      .poll(async () => (await api.send({ method: "PATCH", path, body, contentType })).status, {
        timeout: 30_000,
      })
      .toBe(500);
    const before = await recorded();
    deliver({ greeting: "guarded" });
    expect(await fails()).toContain('failed calling webhook "down.example.com"');
    expect(await recorded()).toBe(before);
    await api.remove(WEBHOOK);
    await expect
      .poll(async () => (await api.send({ method: "PATCH", path, body, contentType })).status, {
        timeout: 30_000,
      })
      .toBe(200);
    await world.project.up();
    expect(await greeting()).toBe("guarded");
    expect(await recorded()).not.toBe(before);
  });
});

describe("a definition and an object of its kind (F13)", () => {
  const COUNT = process.env["DELIVERY_FULL_COUNTS"] === "1" ? 20 : 1;
  const groupOf = (trial: number): string => `trial${trial}.faults.example.com`;
  const definition = (group: string): string => `{
    apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", metadata: { name: "orders.${group}" },
    spec: {
      group: "${group}", scope: "Namespaced",
      names: { kind: "Order", plural: "orders", singular: "order", listKind: "OrderList" },
      versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: {
        type: "object", properties: { spec: { type: "object", properties: { size: { type: "integer" } } } },
      } } }],
    },
  }`;
  const order = (group: string): string =>
    `{ apiVersion: "${group}/v1", kind: "Order", metadata: { name: "first" }, spec: { size: 3 } }`;

  it(
    `are previewed and installed together, ${COUNT} times in a cluster that has neither`,
    { timeout: 1_800_000 },
    async () => {
      const scope = `clusterScope: ["CustomResourceDefinition"],`;
      const { api, name: namespace } = world.in("eu-1");
      for (let trial = 0; trial < COUNT; trial++) {
        const group = groupOf(trial);
        deliver({ greeting: "guarded", args: scope, more: `[${order(group)}, ${definition(group)}]` });
        await world.project.pulumi("preview", "--stack", "dev");
        await world.project.up();
        const metadata = { name: "first", namespace };
        expect(await api.get({ apiVersion: `${group}/v1`, kind: "Order", metadata })).toMatchObject({
          spec: { size: 3 },
        });
      }
    },
  );

  it("leave by the object alone: the definition stays, and whatever else is of its kind", async () => {
    const group = groupOf(COUNT - 1);
    deliver({ greeting: "guarded" });
    await world.project.up();
    const { api, name: namespace } = world.in("eu-1");
    const metadata = { name: "first", namespace };
    expect(await api.get({ apiVersion: `${group}/v1`, kind: "Order", metadata })).toBeUndefined();
    const definitions = { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition" };
    for (let trial = 0; trial < COUNT; trial++) {
      const found = { ...definitions, metadata: { name: `orders.${groupOf(trial)}` } };
      expect(await api.get(found)).toBeDefined();
      await api.remove(found);
    }
  });
});

describe("a rollout that is stuck (F12)", () => {
  const targets = `waves: [${wave("all", ["eu-1"], 'timeout: "60s"')}]`;
  const hurried = (kind: string, seconds: number): string =>
    `transform: { ${kind}: (object) => ({ ...object, spec: { ...object.spec, progressDeadlineSeconds: ${seconds} } }) },`;

  it("is given up when its deadline is over, by the cluster's own words, and is done after the mend", async () => {
    deliver({ targets, greeting: "stuck", tooBigIn: ["eu-1"], args: hurried("Deployment", 2) });
    const begun = performance.now();
    expect(await fails()).toMatch(/Deployment orders.*(?:progress|deadline)/i);
    expect(performance.now() - begun).toBeLessThan(45_000);
    deliver({ targets, greeting: "mended" });
    await world.project.up();
    expect(await greeting()).toBe("mended");
  });

  it("of a StatefulSet is given up when the gate's time is over, and the mend names the pod that is in its way", async () => {
    const stateful = `stateful: { claims: [] },`;
    const short = `waves: [${wave("all", ["eu-1"], 'timeout: "4s"')}]`;
    deliver({ targets: short, app: stateful, greeting: "stuck", tooBigIn: ["eu-1"] });
    expect(await fails()).toContain("StatefulSet orders");
    deliver({ targets: short, app: stateful, greeting: "mended again" });
    const { api, name: namespace } = world.in("eu-1");
    expect(await fails()).toContain(`waited for until: kubectl delete pod orders-0 --namespace ${namespace}`);
    await api.remove({ apiVersion: "v1", kind: "Pod", metadata: { name: "orders-0", namespace } });
    await world.project.up();
    expect(await greeting()).toBe("mended again");
    expect(await world.project.up()).toEqual({});
  });
});
