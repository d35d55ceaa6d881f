import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clearRequests, expireToken, addIdentity, requests } from "../../../sandbox/git/index.ts";
import { makePullWorld } from "./world";
import type { PullWorld, Stack } from "./world";

const KUSTOMIZATION = { apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization" } as const;
/** A Service that no API server takes: its address is none of the cluster's. */
const REFUSED = `[{ apiVersion: "v1", kind: "Service", metadata: { name: "refused" },
  spec: { clusterIP: "192.0.2.1", ports: [{ port: 80, targetPort: 8080 }], selector: { "app.kubernetes.io/name": "orders-pull" } } }]`;
/** What one stack must not be able to do in the namespace of another. */
const MATRIX = ["get", "list", "create", "patch", "delete", "impersonate"].flatMap((verb) =>
  ["secrets", "configmaps", "deployments", "serviceaccounts", "pods"].map(
    (resource) => [verb, resource] as const,
  ),
);

let world: PullWorld;
let orders: Stack;
let billing: Stack;
beforeAll(async () => {
  world = await makePullWorld("pull-flux");
  await world.agent.up();
  await world.flux.start();
  orders = await world.stack("orders-pull");
  billing = await world.stack("billing-pull");
});
afterAll(() => world?.remove());

const kustomization = (stack: Stack) => ({
  ...KUSTOMIZATION,
  metadata: { name: `${stack.app}-delivery`, namespace: stack.app },
});
const suspend = (stack: Stack, suspended: boolean) =>
  stack.namespace.api.apply({ ...kustomization(stack), spec: { suspend: suspended } } as never);

/** In order: what one does, the next goes on from. */
describe("a delivery by Flux", () => {
  it("is live when pulumi up returns: all of it is applied, with the record, as the account of the stack", async () => {
    orders.deliver();
    await orders.up();
    expect(await orders.result()).toBe("live");
    const objects = await orders.namespace.objects();
    expect(objects[`Deployment/${orders.app}`]?.status).toMatchObject({ readyReplicas: 1 });
    expect(Object.keys(objects)).toContain(`ConfigMap/${orders.app}-release`);
  });

  it("changes nothing, and asks the repository nothing, when nothing has changed", async () => {
    await clearRequests(world.sandbox.git);
    expect((await orders.up()).changes).toEqual({});
    // The server is shared with tests that publish to other repositories meanwhile.
    const path = `${new URL(world.repository).pathname}/git-receive-pack`;
    expect(await requests(world.sandbox.git, { path })).toEqual([]);
  });

  it("brings a change, and only that", async () => {
    const before = await orders.namespace.uids();
    orders.deliver({ greeting: "good day" });
    await orders.up();
    const { [`ConfigMap/${orders.app}-config`]: config } = await orders.namespace.objects();
    expect(config?.data).toEqual({ GREETING: "good day" });
    expect(await orders.namespace.uids()).toEqual(before);
  });

  it("runs a migration before it publishes, which the agent neither sees nor may change", async () => {
    const migration = (digits: string): string =>
      `require("pulumi-delivery").migration({ name: "migrate", release: "orders-${digits}",
        image: "registry.example.com/acme/orders@sha256:${"5".repeat(64)}" })`;
    const jobs = { apiVersion: "batch/v1", kind: "Job" };
    const inCluster = async (): Promise<string[]> =>
      (await orders.namespace.api.list(jobs, { namespace: orders.app })).map(({ metadata }) => metadata.name);
    orders.deliver({ greeting: "good day", more: migration("000000000001") });
    await orders.up();
    expect([await orders.result(), await inCluster()]).toEqual(["live", ["migrate-000000000001"]]);
    orders.deliver({ greeting: "good day", more: migration("000000000002") });
    await orders.up();
    expect([await orders.result(), await inCluster()]).toEqual(["live", ["migrate-000000000002"]]);
    expect(Object.keys(await orders.namespace.objects())).toContain("ServiceAccount/migrate");
  });

  it("fails soon after the agent says that a release is broken, in its words, and leaves what runs", async () => {
    orders.deliver({ greeting: "good evening", more: REFUSED });
    const { code, stdout, seconds } = await orders.tryUp();
    expect(code).not.toBe(0);
    expect(stdout).toContain(`is not live in cluster "us-1"`);
    expect(stdout).toMatch(/failed: ReconciliationFailed: .*refused/s);
    expect(stdout).not.toMatch(/^ {4}at /m);
    expect(seconds).toBeLessThan(40);
    expect(await orders.namespace.names()).not.toContain("Service/refused");
  });

  it("is live again with the fix, which the broken release does not keep waiting", async () => {
    orders.deliver({ greeting: "good evening" });
    await orders.up();
    expect(await orders.result()).toBe("live");
    const { [`ConfigMap/${orders.app}-config`]: config } = await orders.namespace.objects();
    expect(config?.data).toEqual({ GREETING: "good evening" });
  });

  it("removes from the cluster what the next release no longer has, with the last object of a kind, too", async () => {
    const extra = `[{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "extra" }, data: {} },
      { apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata: { name: "extra" },
        spec: { minAvailable: 0, selector: { matchLabels: { "app.kubernetes.io/name": "orders-pull" } } } }]`;
    orders.deliver({ greeting: "good evening", more: extra });
    await orders.up();
    expect(await orders.namespace.names()).toContain("ConfigMap/extra");
    orders.deliver({ greeting: "good evening" });
    await orders.up();
    expect(await orders.namespace.names()).not.toContain("ConfigMap/extra");
    const budgets = { apiVersion: "policy/v1", kind: "PodDisruptionBudget" };
    expect(await orders.namespace.api.list(budgets, { namespace: orders.app })).toEqual([]);
    const former = { name: `${orders.app}-delivery-former`, namespace: orders.app };
    const role = { apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role", metadata: former };
    expect(await orders.namespace.api.get(role)).toBeUndefined();
  });

  it("puts right what somebody has changed in the cluster", async () => {
    const ref = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: `${orders.app}-config`, namespace: orders.app },
    };
    const drifted = await orders.namespace.api.apply({ ...ref, data: { GREETING: "drifted" } } as never);
    expect(drifted.data).toEqual({ GREETING: "drifted" });
    await orders.namespace.api.until(ref, (found) => found?.data?.["GREETING"] === "good evening", 40_000);
  });

  it("shows an agent that somebody has suspended, and does not call its release live", async () => {
    await suspend(orders, true);
    await orders.project.pulumi("refresh", "--yes", "--stack", "dev");
    expect(await orders.project.pulumi("stack", "export", "--stack", "dev")).toContain(
      "suspended: it is suspended",
    );
    orders.deliver({ greeting: "hello" });
    const { code, stdout, stderr } = await orders.tryUp();
    expect([code, await orders.result()]).toEqual([0, "publishedNotVerified"]);
    expect(`${stdout}${stderr}`).toContain("the agent is suspended for this stack");
    const state = (): Promise<string> => orders.project.pulumi("stack", "export", "--stack", "dev");
    expect(await state()).toContain("orders-pull is not live yet in ");
    await suspend(orders, false);
    await orders.up();
    expect(await orders.result()).toBe("live");
    expect(await state()).toContain("verified orders-pull");
    expect(await state()).not.toContain("is not live yet");
  });
});

describe("two stacks in one cluster", () => {
  it("have nothing to do with each other: no account can do anything in the other's namespace", async () => {
    billing.deliver();
    await billing.up();
    const may = async (from: Stack, to: Stack, verb: string, resource: string): Promise<boolean> => {
      const group = resource === "deployments" ? "apps" : "";
      const body = {
        apiVersion: "authorization.k8s.io/v1",
        kind: "SubjectAccessReview",
        spec: {
          user: `system:serviceaccount:${from.app}:${from.app}-delivery`,
          resourceAttributes: { namespace: to.app, verb, resource, group },
        },
      };
      const path = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
      const { text } = await from.namespace.api.send({ method: "POST", path, body });
      return (JSON.parse(text) as { status: { allowed: boolean } }).status.allowed;
    };
    for (const stack of [orders, billing]) {
      expect(await may(stack, stack, "patch", "deployments")).toBe(true);
      expect(await may(stack, stack, "get", "secrets")).toBe(false);
    }
    const allowed: string[] = [];
    for (const [verb, resource] of MATRIX) {
      if (await may(orders, billing, verb, resource)) allowed.push(`${verb} ${resource}`);
      if (await may(billing, orders, verb, resource)) allowed.push(`${verb} ${resource}`);
    }
    expect(allowed).toEqual([]);
  });
});

describe("when something is broken", () => {
  it("goes on after the source controller was evicted in the middle of a delivery", async () => {
    orders.deliver({ greeting: "after the eviction" });
    const running = orders.up();
    await world.flux.stop(["source-controller"]);
    await world.flux.start(["source-controller"]);
    await running;
    expect(await orders.result()).toBe("live");
  });

  it("names the agent's credentials when they are no longer taken, and no value of them", async () => {
    const login = "pull-flux-reader";
    await expireToken(world.sandbox.git, login);
    orders.deliver({ greeting: "unreadable" });
    const { code, stdout } = await orders.tryUp();
    expect(code).not.toBe(0);
    expect(stdout).toContain("the agent cannot read the repository");
    expect(stdout).not.toContain(world.readToken);
    const access = { "acme/pull-flux": "read" } as const;
    (world as { readToken: string }).readToken = (
      await addIdentity(world.sandbox.git, { login, access })
    ).token;
    orders.deliver({ greeting: "readable" });
    await orders.up();
    expect(await orders.result()).toBe("live");
  });

  it("is taken down although the agent is dead, and leaves what runs", async () => {
    const before = await orders.namespace.pods();
    await world.flux.stop();
    const begun = performance.now();
    await orders.project.pulumi("destroy", "--yes", "--stack", "dev");
    expect((performance.now() - begun) / 1000).toBeLessThan(90);
    expect(await orders.namespace.api.get(kustomization(orders))).toBeUndefined();
    expect(await orders.namespace.names()).toContain(`Deployment/${orders.app}`);
    expect(await orders.namespace.pods()).toEqual(before);
    await world.flux.start();
  });
});
