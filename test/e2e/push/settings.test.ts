import { parse, stringify } from "yaml";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { app } from "../../../components/manifests";
import { pusherRole } from "../../../components/push";
import type { KubeObject } from "../../../sandbox/clusters/index.ts";
import { APP, IMAGE, makePushWorld, target } from "./world";
import type { Delivery, PushWorld } from "./world";

const EU = `clusters: [${target("eu-1")}]`;
const NOTES = `{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "notes" }, data: { text: "keep" } }`;
const PULL = `imagePullSecrets: ["acme"],`;
const PULL_SECRETS = `pullSecrets: [{ name: "acme", registry: "registry.example.com", username: "u", password: "p" }],`;

type Applied = Parameters<ReturnType<PushWorld["in"]>["api"]["apply"]>[0];

let world: PushWorld;
beforeAll(async () => {
  world = await makePushWorld("settings");
});
afterAll(() => world?.remove());

/** The program from now on, with what all of them have. */
function deliver(delivery: Partial<Delivery>): void {
  const { args = "", app: more = "" } = delivery;
  world.deliver({ targets: EU, ...delivery, args: `${PULL_SECRETS} ${args}`, app: `${PULL} ${more}` });
}

const objectsIn = async (): Promise<Readonly<Record<string, KubeObject>>> => world.in("eu-1").objects();

/** In order, on one delivery: what one does, the next goes on from. */
describe("whoever pushes with the rights of pusherRole() and no others", () => {
  /** A kubeconfig of somebody who has no right at all until a role is bound to him. */
  function kubeconfigOfNobody(): string {
    const text = parse(world.ways.kubeconfigOf("eu-1")) as { users: { user: { token: string } }[] };
    const [cluster] = world.sandbox.clusters.filter(({ name }) => name === "eu-1");
    text.users[0]!.user.token = cluster!.tokens.nobody;
    return stringify(text);
  }

  const byNobody = (): string => {
    world.project.write("nobody.kubeconfig", kubeconfigOfNobody());
    const text = `require("node:fs").readFileSync("nobody.kubeconfig", "utf8")`;
    return `clusters: [{ name: "eu-1", kubeconfig: ${text} }]`;
  };

  beforeAll(async () => {
    const { api, name: namespace } = world.in("eu-1");
    const manifests = app({ name: APP, image: IMAGE, port: 8080, config: { A: "b" } });
    const pusher = { kind: "User", name: "nobody" } as const;
    const roles = pusherRole({ app: APP, namespace, manifests, pullSecrets: true, pusher });
    await api.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
    for (const role of roles) await api.apply(role as Applied);
  });

  it("can deliver, change, and delete what is delivered", async () => {
    deliver({ targets: byNobody(), more: `[${NOTES}]` });
    await world.project.up();
    deliver({ targets: byNobody(), greeting: "by nobody" });
    await world.project.up();
    const {
      "ConfigMap/notes": notes,
      "ConfigMap/orders-config": config,
      "Secret/acme": pull,
    } = await objectsIn();
    expect(notes).toBeUndefined();
    expect(config?.data).toEqual({ GREETING: "by nobody" });
    expect(pull).toMatchObject({ type: "kubernetes.io/dockerconfigjson" });
  });

  const APPLY = ["create", "patch", "delete"];

  it.each([
    ["an object of the delivery", { namespace: "orders-settings", group: "", resource: "configmaps" }, true],
    ["an object in another namespace", { namespace: "default", group: "", resource: "configmaps" }, false],
    ["another kind", { namespace: "orders-settings", group: "batch", resource: "cronjobs" }, false],
  ])("may or may not apply %s", async (_what, of, allowed) => {
    const asked = APPLY.map((verb) => mayDo({ ...of, verb }));
    expect(await Promise.all(asked)).toEqual(APPLY.map(() => allowed));
  });

  it("may make the namespace of the delivery and no other", async () => {
    const of = (name: string): Promise<boolean> =>
      mayDo({ group: "", resource: "namespaces", name, verb: "create" });
    expect([await of("orders-settings"), await of("orders-settings-2")]).toEqual([true, false]);
  });

  /** What the API server itself says of the rights of `nobody`. */
  async function mayDo(resourceAttributes: Readonly<Record<string, string>>): Promise<boolean> {
    const { text } = await world.in("eu-1").api.send({
      method: "POST",
      path: "/apis/authorization.k8s.io/v1/subjectaccessreviews",
      body: {
        apiVersion: "authorization.k8s.io/v1",
        kind: "SubjectAccessReview",
        spec: { user: "nobody", resourceAttributes },
      },
    });
    return (JSON.parse(text) as { status: { allowed: boolean } }).status.allowed;
  }
});

describe("a cluster that is renamed", () => {
  it("has the same objects, and no pod is restarted", async () => {
    const [versions, pods] = [await world.in("eu-1").versions(), await world.in("eu-1").pods()];
    const west = `clusters: [{ name: "west-1", context: "eu-1", formerly: ["eu-1"] }]`;
    deliver({ targets: west, greeting: "by nobody" });
    const changes = await world.project.up();
    expect(Object.keys(changes)).toEqual(["updated"]);
    expect(await world.in("eu-1").versions()).toEqual(versions);
    expect(await world.in("eu-1").pods()).toEqual(pods);
    expect(await world.project.up()).toEqual({});
  });
});

describe("a field that somebody else has set", () => {
  const west = `clusters: [{ name: "west-1", context: "eu-1", formerly: ["eu-1"] }]`;
  const again = (more: Partial<Delivery>): void => deliver({ targets: west, ...more });

  it("is reported with its owner, already in the preview, and left as it is", async () => {
    const { api, name: namespace } = world.in("eu-1");
    const metadata = { name: "orders-config", namespace };
    const edited = { apiVersion: "v1", kind: "ConfigMap", metadata, data: { GREETING: "by hand" } };
    await api.apply(edited as Applied);
    again({ greeting: "by program" });
    const tries = [await world.project.tryPulumi("preview", "--stack", "dev"), await world.project.tryUp()];
    for (const { code, stdout } of tries) {
      expect(code).not.toBe(0);
      expect(stdout).toMatch(/conflict with "sandbox".*\.data\.GREETING/s);
      expect(stdout).toContain("orders/west-1/core/ConfigMap/orders-settings/orders-config");
    }
    expect((await objectsIn())["ConfigMap/orders-config"]?.data).toEqual({ GREETING: "by hand" });
  });

  it("is drift that pulumi refresh shows, and taken over when that is declared for the object", async () => {
    const { code, stdout } = await world.project.tryPulumi(
      "refresh",
      "--yes",
      "--skip-preview",
      "--stack",
      "dev",
    );
    expect([code, stdout]).toEqual([0, expect.stringMatching(/orders-config updated/)]);
    again({ greeting: "by program", args: `force: ["ConfigMap/orders-config"],` });
    await world.project.up();
    expect((await objectsIn())["ConfigMap/orders-config"]?.data).toEqual({ GREETING: "by program" });
  });

  it("by an autoscaler, as the replicas, is not reset by an update", async () => {
    const { api, name } = world.in("eu-1");
    again({ greeting: "scaled", app: "scaling: { min: 1, max: 3 }," });
    await world.project.up();
    const { status, text } = await api.send({
      method: "PATCH",
      path: `/apis/apps/v1/namespaces/${name}/deployments/${APP}/scale?fieldManager=kube-controller-manager`,
      body: { spec: { replicas: 2 } },
      contentType: "application/merge-patch+json",
    });
    expect([status, text]).toEqual([200, expect.any(String)]);
    again({ greeting: "scaled, and changed", app: "scaling: { min: 1, max: 3 }," });
    await world.project.up();
    const { "Deployment/orders": deployment, "ConfigMap/orders-config": config } = await objectsIn();
    expect(config?.data).toEqual({ GREETING: "scaled, and changed" });
    expect(deployment).toMatchObject({ spec: { replicas: 2 } });
  });
});

describe("an object whose API version changes", () => {
  const scaler = (apiVersion: string): string => `[{
    apiVersion: "${apiVersion}", kind: "HorizontalPodAutoscaler", metadata: { name: "orders" },
    spec: { minReplicas: 1, maxReplicas: 3, scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "orders" } },
  }]`;
  const ref = { apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler" };

  it("stays the same object", async () => {
    const { api, name: namespace } = world.in("eu-1");
    const uid = async (): Promise<string | undefined> =>
      (await api.get({ ...ref, metadata: { name: "orders", namespace } }))?.metadata.uid;
    const targets = `clusters: [{ name: "west-1", context: "eu-1", formerly: ["eu-1"] }]`;
    deliver({ targets, greeting: "versions", more: scaler("autoscaling/v1") });
    await world.project.up();
    const before = await uid();
    expect(before).toBeDefined();
    deliver({ targets, greeting: "versions", more: scaler("autoscaling/v2") });
    expect(await world.project.up()).not.toHaveProperty("deleted");
    expect(await uid()).toBe(before);
    expect(await world.project.up()).toEqual({});
  });
});
