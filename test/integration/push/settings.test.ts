import { describe, expect, it } from "vitest";
import { app } from "../../../components/manifests";
import type { Manifest } from "../../../components/manifests";
import { PushDelivery } from "../../../components/push";
import type { PushDeliveryArgs } from "../../../components/push";
import { observe } from "../../support/observe";
import { registrations, SECRET } from "../../support/registrations";
import type { Registration } from "../../support/registrations";
import { before, CANARY, cluster, find, IMAGE } from "./world";

const manifests = app({ name: "web", image: IMAGE, port: 8080, imagePullSecrets: ["acme"] });
const base: PushDeliveryArgs = { manifests, clusters: [cluster("eu"), cluster("us")] };
const run = (change: Partial<PushDeliveryArgs> = {}): Promise<Registration[]> =>
  registrations(() => new PushDelivery("shop", { ...base, ...change } as PushDeliveryArgs));
const refused = (change: Partial<PushDeliveryArgs>): Promise<string> =>
  observe(() => new PushDelivery("shop", { ...base, ...change } as PushDeliveryArgs)).then(String, String);

describe("pull secrets", () => {
  const pullSecrets = [
    { name: "acme", registry: "registry.example.com", username: "reader", password: CANARY },
  ];

  it("are in every cluster before the pods that need them, secret in the state, and not in the record", async () => {
    const world = await run({ pullSecrets });
    for (const name of ["eu", "us"]) {
      const secret = find(world, `shop/${name}/core/Secret/shop/acme`);
      expect(secret.inputs).toMatchObject({ type: "kubernetes.io/dockerconfigjson", stringData: SECRET });
      expect(before(world, `shop/${name}/apps/Deployment/shop/web`)).toContain(secret.name);
    }
    expect(JSON.stringify(world)).not.toContain(CANARY);
    const hashes = (all: readonly Registration[]): unknown =>
      find(all, "shop/eu/core/ConfigMap/shop/shop-release").inputs["data"];
    expect(hashes(world)).toEqual(hashes(await run()));
  });

  it("that no pod names are refused, without their password", async () => {
    const text = await refused({ pullSecrets: [{ ...pullSecrets[0]!, name: "other" }] });
    expect(text).toContain('no pod pulls with "other"');
    expect(text).not.toContain(CANARY);
  });
});

describe("force", () => {
  const FORCE = "pulumi.com/patchForce";
  const annotationsOf = ({ inputs }: Registration): object =>
    (inputs["metadata"] as { annotations: object }).annotations;

  it("marks the declared objects alone, and changes nothing of what is recorded", async () => {
    const world = await run({ force: ["Deployment/web"] });
    const forced = world.filter(
      ({ type, inputs }) => type.startsWith("kubernetes:") && FORCE in annotationsOf({ inputs } as never),
    );
    expect(forced.map(({ name }) => name)).toEqual([
      "shop/eu/apps/Deployment/shop/web",
      "shop/us/apps/Deployment/shop/web",
    ]);
    const record = (all: readonly Registration[]): unknown =>
      find(all, "shop/eu/core/ConfigMap/shop/shop-release").inputs;
    expect(record(world)).toEqual(record(await run()));
  });

  it("of nothing that is delivered is refused", async () => {
    expect(await refused({ force: ["Deployment/wbe"] })).toContain("none of the objects");
  });
});

describe("a renamed cluster", () => {
  it("keeps its provider and its objects by an alias, and is the same cluster to the plugin", async () => {
    const world = await run({ clusters: [{ ...cluster("west"), formerly: ["eu"] }] });
    for (const type of ["pulumi:providers:kubernetes", "delivery:push:ClusterDelivery"])
      expect(find(world, "shop/west", type).aliases.join()).toContain("shop/eu");
    const provider = find(world, "shop/west", "pulumi:providers:kubernetes");
    expect(provider.inputs["clusterIdentifier"]).toBe("eu");
  });
});

describe("an object whose API version changes", () => {
  const autoscaler = (apiVersion: string): Manifest => ({
    ...{ apiVersion, kind: "HorizontalPodAutoscaler", metadata: { name: "web" } },
    spec: { maxReplicas: 2, scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" } },
  });
  const name = "shop/eu/autoscaling/HorizontalPodAutoscaler/shop/web";

  it("keeps its name, and has an alias for the other versions of its kind", async () => {
    const next = find(await run({ manifests: [...manifests, autoscaler("autoscaling/v2")] }), name);
    expect(next.aliases.join(" ")).toContain("kubernetes:autoscaling/v1:HorizontalPodAutoscaler");
    const before = find(await run({ manifests: [...manifests, autoscaler("autoscaling/v1")] }), name);
    expect(before.aliases.join(" ")).toContain("kubernetes:autoscaling/v2:HorizontalPodAutoscaler");
  });

  it("has none when its kind has one version only", async () => {
    expect(find(await run(), "shop/eu/apps/Deployment/shop/web").aliases.join(" ")).not.toContain("apps/v1:");
  });
});
