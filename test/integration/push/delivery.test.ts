import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it, vi } from "vitest";
import { app } from "../../../components/manifests";
import { PushDelivery } from "../../../components/push";
import type { PushDeliveryArgs } from "../../../components/push";
import { observe } from "../../support/observe";
import { registrations, SECRET } from "../../support/registrations";
import type { Registration } from "../../support/registrations";
import { CANARY, cluster, find, IMAGE, manifests, objectsByProvider } from "./world";

const two: PushDeliveryArgs = { manifests, clusters: [cluster("eu"), cluster("us")] };
const run = (args: PushDeliveryArgs = two): Promise<Registration[]> =>
  registrations(() => new PushDelivery("shop", args));
const objectsOf = (world: readonly Registration[]): Registration[] =>
  world.filter(({ type }) => type.startsWith("kubernetes:"));

describe("a push to several clusters", () => {
  it("delivers every object to every cluster, through that cluster's provider and no other", async () => {
    const names = (name: string): string[] => [
      `shop/${name}/apps/Deployment/shop/web`,
      `shop/${name}/batch/Job/shop/migrate`,
      `shop/${name}/core/ConfigMap/shop/shop-release`,
      `shop/${name}/core/ConfigMap/shop/web-config`,
      `shop/${name}/core/Namespace//shop`,
      `shop/${name}/core/Secret/shop/keys`,
      `shop/${name}/core/Service/shop/web`,
      `shop/${name}/core/ServiceAccount/shop/web`,
    ];
    expect(objectsByProvider(await run())).toEqual({ "shop/eu": names("eu"), "shop/us": names("us") });
  });

  it("may deliver other objects to each, by a function of its name", async () => {
    const world = await run({
      ...two,
      manifests: (name) => [{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: `only-${name}` } }],
    });
    const delivered = objectsByProvider(world);
    expect(delivered["shop/eu"]).toContain("shop/eu/core/ConfigMap/shop/only-eu");
    expect(delivered["shop/us"]).toContain("shop/us/core/ConfigMap/shop/only-us");
    expect(JSON.stringify(delivered["shop/us"])).not.toContain("only-eu");
  });

  it("names every resource once, so that no two are one to the engine", async () => {
    const world = await run();
    const urns = world.map(({ urn }) => urn);
    expect(new Set(urns).size).toBe(urns.length);
  });

  it("comes from the line of the program, so that no place inside the library is in the state of each object", async () => {
    function program(): void {
      new PushDelivery("shop", two);
    }
    for (const { name, stack } of objectsOf(await registrations(program))) {
      expect(stack[0], name).toMatch(/\/test\/integration\/push\/delivery\.test\.ts$/);
      expect(stack.join(" "), name).not.toContain("/components/");
    }
  });

  it("warns once of what a later Kubernetes will not serve, in however many clusters it is", async () => {
    const warn = vi.spyOn(pulumi.log, "warn").mockResolvedValue();
    const endpoints = { apiVersion: "v1", kind: "Endpoints", metadata: { name: "a" }, subsets: [] };
    await run({ ...two, manifests: [...manifests, endpoints] });
    const said = warn.mock.calls.map(([text]) => text);
    warn.mockRestore();
    expect(said.filter((text) => text.includes("Endpoints a"))).toEqual([
      "Endpoints a: Endpoints is deprecated since Kubernetes 1.33; use EndpointSlice of discovery.k8s.io/v1",
    ]);
  });

  it("registers its objects as the types of @pulumi/kubernetes, custom kinds too", async () => {
    const widget = { apiVersion: "example.com/v1", kind: "Widget", metadata: { name: "w" } };
    const role = { apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role", metadata: { name: "r" } };
    const types = objectsOf(await run({ ...two, manifests: [...manifests, widget, role] })).map(
      ({ type }) => type,
    );
    expect(new Set(types)).toEqual(
      new Set([
        "kubernetes:core/v1:Namespace",
        "kubernetes:core/v1:ServiceAccount",
        "kubernetes:core/v1:ConfigMap",
        "kubernetes:core/v1:Secret",
        "kubernetes:core/v1:Service",
        "kubernetes:batch/v1:Job",
        "kubernetes:apps/v1:Deployment",
        "kubernetes:example.com/v1:Widget",
        "kubernetes:rbac.authorization.k8s.io/v1:Role",
      ]),
    );
  });

  it("applies each object under one field manager, which an agent can take over from", async () => {
    const objects = objectsOf(await run());
    for (const { inputs } of objects) {
      const { annotations } = inputs.metadata as { annotations: Record<string, string> };
      delete annotations["pulumi.com/skipAwait"];
      // One and no other: "last-applied-configuration" would repeat a Secret's entries in plain text.
      expect(annotations).toEqual({ "pulumi.com/patchFieldManager": "pulumi-kubernetes-delivery" });
    }
    expect(objects.length).toBeGreaterThan(0);
  });

  it("keeps a namespace when it leaves the program, and nothing else", async () => {
    const retained = (await run()).filter(({ retained }) => retained).map(({ name }) => name);
    expect(retained.sort()).toEqual(["shop/eu/core/Namespace//shop", "shop/us/core/Namespace//shop"]);
  });

  it("keeps nothing of its arguments in the state of a component", async () => {
    const components = (await run()).filter(({ type }) => type.startsWith("delivery:"));
    expect(components.map(({ type }) => type).sort()).toEqual([
      "delivery:push:ClusterDelivery",
      "delivery:push:ClusterDelivery",
      "delivery:push:PushDelivery",
    ]);
    for (const { inputs } of components) expect(inputs).toEqual({});
  });
});

describe("a record", () => {
  const release = {
    id: "shop-0123456789ab",
    commit: "1".repeat(40),
    sources: "b".repeat(64),
    images: { web: `r/web@sha256:${"a".repeat(64)}` },
  };

  it("says what each cluster runs, when it does", async () => {
    let record: unknown;
    await observe(() => {
      const delivery = new PushDelivery("shop", { ...two, clusters: undefined as never, release, ...waves });
      delivery.record.apply((value) => (record = value));
    });
    expect(record).toEqual({
      eu: {
        release: release.id,
        contentHash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
        wave: "canary",
        state: "live",
        commit: release.commit,
        images: release.images,
      },
      us: {
        release: release.id,
        contentHash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
        wave: "rest",
        state: "live",
        commit: release.commit,
        images: release.images,
      },
    });
  });
  const waves = {
    waves: [
      { name: "canary", clusters: [cluster("eu")] },
      { name: "rest", clusters: [cluster("us")] },
    ],
  };

  it("is in the cluster with the release, the commit and the images", async () => {
    const world = await run({ ...two, release });
    expect(find(world, "shop/eu/core/ConfigMap/shop/shop-release").inputs.data).toMatchObject({
      release: release.id,
      commit: release.commit,
      "image.web": release.images.web,
    });
  });

  it("without a pipeline names the release by its content, and has the images of its containers", async () => {
    const plain = manifests.filter(({ kind }) => kind !== "Secret");
    const { data } = find(
      await run({ ...two, manifests: plain }),
      "shop/eu/core/ConfigMap/shop/shop-release",
    ).inputs;
    const { release: id, contentHash, ...rest } = data as Record<string, string>;
    expect(id).toBe(`shop-${contentHash?.slice(0, 12)}`);
    const pinned = expect.stringContaining("/web@sha256:") as string;
    expect(rest).toEqual({ "image.web": pinned, "image.migrate": pinned });
  });

  it("is empty, and no error, when the engine left the object out", async () => {
    let record: unknown;
    await observe(
      () => {
        const delivery = new PushDelivery("shop", { ...two, clusters: [cluster("eu")] });
        delivery.record.apply((value) => (record = value));
      },
      { outputs: ({ name }) => (name.endsWith("shop-release") ? { data: null } : {}) },
    );
    expect(record).toEqual({ eu: { release: "", contentHash: "", wave: "all", state: "live", images: {} } });
  });
});

describe("a secret", () => {
  it("of a kubeconfig, a Secret or a secret variable is sent in no plain input", async () => {
    const secret = pulumi.secret(CANARY);
    const world = await registrations(() => {
      const list = manifests.map((manifest) =>
        manifest.kind === "ConfigMap" ? { ...manifest, data: { GREETING: secret } } : manifest,
      );
      const worker = app({ name: "worker", image: IMAGE, port: 8080, env: { TOKEN: secret } });
      return new PushDelivery("shop", { ...two, manifests: [...list, ...worker] });
    });
    expect(world.length).toBeGreaterThan(10);
    expect(JSON.stringify(world)).not.toContain(CANARY);
    expect(find(world, "shop/eu/core/ConfigMap/shop/web-config").inputs.data).toEqual({ GREETING: SECRET });
  });

  it("is the whole of a Secret's data, on the way in and on the way out", async () => {
    const { inputs, secretOutputs } = find(await run(), "shop/eu/core/Secret/shop/keys");
    expect(inputs).toMatchObject({ data: SECRET, stringData: SECRET });
    expect([...secretOutputs].sort()).toEqual(["data", "stringData"]);
    expect(find(await run(), "shop/eu/core/ConfigMap/shop/web-config").secretOutputs).toEqual([]);
  });

  it("is a kubeconfig, in the inputs of the provider and of the gate", async () => {
    const world = await run();
    expect(find(world, "shop/eu", "pulumi:providers:kubernetes").inputs.kubeconfig).toBe(SECRET);
    expect(find(world, "shop/gate/all").inputs.access).toEqual({ us: { kubeconfig: SECRET } });
  });
});
