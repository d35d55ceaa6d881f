import { describe, expect, it } from "vitest";
import { PushDelivery } from "../../../components/push";
import { app } from "../../../components/manifests";
import type { Manifest } from "../../../components/manifests";
import type { PushWave } from "../../../components/push";
import { registrations, SECRET } from "../../support/registrations";
import type { Registration } from "../../support/registrations";
import { before, cluster, find, IMAGE, manifests } from "./world";

const wave = (name: string, clusters: string[], maxParallel = 1): PushWave => ({
  name,
  clusters: clusters.map(cluster),
  maxParallel,
});
const run = (...waves: PushWave[]): Promise<Registration[]> =>
  registrations(() => new PushDelivery("shop", { manifests, waves }));

const recordOf = (name: string): string => `shop/${name}/core/ConfigMap/shop/shop-release`;
const namespaceOf = (name: string): string => `shop/${name}/core/Namespace//shop`;

describe("inside a cluster", () => {
  it("the namespace comes first, then what workloads read, then jobs, then workloads, and behind the gate the record", async () => {
    const world = await run(wave("all", ["eu"]));
    const at = (rest: string): string => `shop/eu/${rest}`;
    const namespace = at("core/Namespace//shop");
    const settings = [
      at("core/ConfigMap/shop/web-config"),
      at("core/Secret/shop/keys"),
      at("core/ServiceAccount/shop/web"),
    ];
    const job = at("batch/Job/shop/migrate");
    const workloads = [at("apps/Deployment/shop/web"), at("core/Service/shop/web")];
    const directly = (name: string): readonly string[] => find(world, name).dependsOn;

    expect(directly(namespace)).toEqual([]);
    for (const name of settings) expect(directly(name)).toEqual([namespace]);
    expect(directly(job)).toEqual(settings);
    for (const name of workloads) expect(directly(name)).toEqual([job]);
    expect(directly("shop/gate/all")).toEqual([...workloads].sort());
    expect(directly(recordOf("eu"))).toEqual(["shop/gate/all"]);
    expect([...before(world, recordOf("eu"))]).toEqual(
      expect.arrayContaining([namespace, ...settings, job, ...workloads]),
    );
  });
});

describe("of a long list", () => {
  const services = (count: number): Manifest[] =>
    Array.from({ length: count }, (_, index) =>
      app({ name: `web-${index}`, image: IMAGE, port: 8080, config: { GREETING: "hello" } }),
    ).flat();
  const world = (count: number): Promise<Registration[]> =>
    registrations(() => new PushDelivery("shop", { manifests: services(count), clusters: [cluster("eu")] }));

  it("a stage still comes behind all of the one before it", async () => {
    const all = await world(20);
    const settings = services(20)
      .filter(({ kind }) => kind === "ConfigMap")
      .map(({ metadata }) => `shop/eu/core/ConfigMap/shop/${metadata.name}`);
    expect(settings).toHaveLength(20);
    for (const name of ["apps/Deployment/shop/web-3", "core/Service/shop/web-19"]) {
      expect([...before(all, `shop/eu/${name}`)]).toEqual(expect.arrayContaining(settings));
    }
  });

  it("the gate and the record come behind all of it, and name few", async () => {
    const all = await world(20);
    const objects = all.filter(({ type }) => type.startsWith("kubernetes:")).map(({ name }) => name);
    const names = [...before(all, recordOf("eu"))];
    expect(names).toEqual(expect.arrayContaining(objects.filter((name) => name !== recordOf("eu"))));
    expect(find(all, "shop/gate/all").dependsOn).toHaveLength(1);
    expect(find(all, recordOf("eu")).dependsOn).toEqual(["shop/gate/all"]);
  });

  it("dependencies grow with its length, and not with the square of it", async () => {
    const dependencies = (all: readonly Registration[]): number =>
      all.reduce((sum, { dependsOn }) => sum + dependsOn.length, 0);
    expect(dependencies(await world(40))).toBeLessThan(2.1 * dependencies(await world(20)));
  });
});

describe("between the clusters of a wave", () => {
  /** Gates and records that a cluster directly waits for. */
  const previous = (world: readonly Registration[], name: string): readonly string[] =>
    find(world, namespaceOf(name)).dependsOn;
  const behind = (gate: string, ...clusters: string[]): string[] => [...clusters.map(recordOf), gate].sort();

  it.each([
    [1, [[], behind("shop/gate/all/1", "a"), behind("shop/gate/all/2", "b"), behind("shop/gate/all/3", "c")]],
    [2, [[], [], behind("shop/gate/all/1", "a", "b"), behind("shop/gate/all/1", "a", "b")]],
    [3, [[], [], [], behind("shop/gate/all/1", "a", "b", "c")]],
    [4, [[], [], [], []]],
    [9, [[], [], [], []]],
  ])("at most %i are changed at once: the next ones wait for their gate", async (maxParallel, expected) => {
    const world = await run(wave("all", ["a", "b", "c", "d"], maxParallel));
    expect(["a", "b", "c", "d"].map((name) => previous(world, name))).toEqual(expected);
  });

  it("what a gate let through counts at the next gates of the wave, and at no other wave's", async () => {
    const world = await registrations(
      () => new PushDelivery("shop", { manifests, waves: [wave("a", ["eu", "us"]), wave("b", ["ap"])] }),
      {
        outputs: ({ name }) => (name === "shop/gate/a/1" ? { failed: { eu: "it crashes" } } : { failed: {} }),
      },
    );
    const earlier = (gate: string): unknown => find(world, gate).inputs.earlier;
    expect([earlier("shop/gate/a/1"), earlier("shop/gate/a"), earlier("shop/gate/b")]).toEqual([
      {},
      { eu: "it crashes" },
      {},
    ]);
  });
});

describe("between waves", () => {
  it("stands a gate: behind all that the wave changed, and before all that the next one changes", async () => {
    const world = await run(wave("canary", ["eu"]), wave("rest", ["us", "ap"], 2), wave("last", ["me"]));
    const workloads = ["apps/Deployment/shop/web", "core/Service/shop/web"].map((name) => `shop/eu/${name}`);
    expect(find(world, "shop/gate/canary").dependsOn).toEqual(workloads);
    const canary = [recordOf("eu"), "shop/gate/canary"];
    expect(find(world, namespaceOf("us")).dependsOn).toEqual(canary);
    expect(find(world, namespaceOf("ap")).dependsOn).toEqual(canary);
    const rest = [recordOf("ap"), "shop/gate/rest", recordOf("us")];
    expect(find(world, namespaceOf("me")).dependsOn).toEqual(rest);
    const last = world.filter(({ name }) => name.startsWith("shop/me/"));
    expect(last.length).toBeGreaterThan(5);
    for (const { name } of last) {
      expect([...before(world, name)]).toEqual(
        expect.arrayContaining([recordOf("us"), recordOf("ap"), recordOf("eu")]),
      );
    }
  });

  it("nothing of a later wave comes before anything of an earlier one", async () => {
    const world = await run(wave("canary", ["eu"]), wave("rest", ["us"]));
    const earlier = world.filter(({ name }) => name.startsWith("shop/eu/"));
    for (const { name } of earlier) {
      expect([...before(world, name)].filter((each) => each.startsWith("shop/us/"))).toEqual([]);
    }
    expect(earlier.length).toBeGreaterThan(0);
  });

  it("a gate knows the content of each of its clusters, how to look at it, and the program that the state keeps", async () => {
    const both = await run({ ...wave("canary", ["eu", "us"], 2), bake: "2m", maxFailures: 1, timeout: "5m" });
    const { inputs, type } = find(both, "shop/gate/canary");
    expect(type).toBe("pulumi-nodejs:dynamic/delivery:Gate");
    expect(inputs).toMatchObject({
      ...{ app: "shop", namespace: "shop", wave: "canary", bake: "2m", maxFailures: 1, timeout: "5m" },
      checks: { eu: [{ check: "rolloutReady" }], us: [{ check: "rolloutReady" }] },
      workloads: { eu: ["Deployment shop/web", "Job shop/migrate"], us: expect.anything() as unknown },
      access: { eu: { kubeconfig: SECRET } },
    });
    expect(Object.keys(inputs.clusters as object)).toEqual(["eu", "us"]);
    expect(inputs.__provider).toContain("pulumi-delivery/provider");
  });
});

describe("waiting for workloads", () => {
  const SKIP = "pulumi.com/skipAwait";
  const annotationsOf = (world: readonly Registration[], rest: string): object =>
    (find(world, `shop/eu/${rest}`).inputs.metadata as { annotations: object }).annotations;

  it("is left to the gate, but for jobs, which what comes after them needs done", async () => {
    const world = await run(wave("all", ["eu"]));
    for (const name of ["apps/Deployment/shop/web", "core/Service/shop/web"])
      expect(annotationsOf(world, name)).toHaveProperty([SKIP], "true");
    for (const name of ["batch/Job/shop/migrate", "core/ConfigMap/shop/web-config"])
      expect(annotationsOf(world, name)).not.toHaveProperty([SKIP]);
  });

  it("is Pulumi's own where a gate has no checks, and a team's where it says so", async () => {
    const plain = await run({ ...wave("all", ["eu"]), checks: [] });
    expect(annotationsOf(plain, "apps/Deployment/shop/web")).not.toHaveProperty([SKIP]);
    const own = manifests.map((manifest) => ({
      ...manifest,
      metadata: { ...manifest.metadata, annotations: { "pulumi.com/waitFor": "condition=Available" } },
    }));
    const world = await registrations(
      () => new PushDelivery("shop", { manifests: own, clusters: [cluster("eu")] }),
    );
    expect(annotationsOf(world, "apps/Deployment/shop/web")).not.toHaveProperty([SKIP]);
  });

  it("is no part of the content: the hash and the ledger are the same either way", async () => {
    const hash = async (checks?: []): Promise<unknown> => {
      const world = await run({ ...wave("all", ["eu"]), ...(checks === undefined ? {} : { checks }) });
      return find(world, "shop/gate/all").inputs.clusters;
    };
    expect(await hash([])).toEqual(await hash());
  });
});

describe("names", () => {
  const urnsOf = (world: readonly Registration[]): string[] =>
    world
      .filter(({ name }) => !name.startsWith("shop/gate"))
      .map(({ urn }) => urn)
      .sort();

  it("have the application and the cluster, and never the wave", async () => {
    const world = await run(wave("canary", ["eu"]));
    for (const { name, type } of world.filter(({ type }) => type.startsWith("kubernetes:"))) {
      expect(name.startsWith("shop/eu/"), `${type} ${name}`).toBe(true);
      expect(name).not.toContain("canary");
    }
  });

  it("stay when a cluster moves to another wave or a wave gets another name: nothing is made anew", async () => {
    const here = await run(wave("canary", ["eu"]), wave("rest", ["us", "ap"]));
    const moved = await run(wave("first", ["eu", "us"]), wave("second", ["ap"], 2));
    const one = await run(wave("all", ["ap", "eu", "us"], 3));
    expect(urnsOf(moved)).toEqual(urnsOf(here));
    expect(urnsOf(one)).toEqual(urnsOf(here));
  });

  it("stay when the version of an API changes", async () => {
    const versioned = async (apiVersion: string): Promise<string[]> => {
      const spec = { scaleTargetRef: { kind: "Deployment", name: "web" }, maxReplicas: 2 };
      const scaler = { apiVersion, kind: "HorizontalPodAutoscaler", metadata: { name: "web" }, spec };
      const world = await registrations(
        () => new PushDelivery("shop", { manifests: [scaler], clusters: [cluster("eu")] }),
      );
      return world.map(({ name }) => name).sort();
    };
    expect(await versioned("autoscaling/v1")).toEqual(await versioned("autoscaling/v2"));
  });
});
