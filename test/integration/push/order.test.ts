import { describe, expect, it } from "vitest";
import { PushDelivery } from "../../../components/push";
import type { PushWave } from "../../../components/push";
import { registrations } from "../../support/registrations";
import type { Registration } from "../../support/registrations";
import { before, cluster, find, manifests } from "./world";

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
  it("the namespace comes first, then what workloads read, then jobs, then workloads, and the record last", async () => {
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
    expect(directly(recordOf("eu"))).toEqual([namespace, ...settings, job, ...workloads].sort());
  });
});

describe("between the clusters of a wave", () => {
  const previous = (world: readonly Registration[], name: string): string[] =>
    find(world, namespaceOf(name)).dependsOn.filter((each) => each.endsWith("shop-release"));

  it.each([
    [1, [[], ["a"], ["b"], ["c"]]],
    [2, [[], [], ["a"], ["b"]]],
    [3, [[], [], [], ["a"]]],
    [4, [[], [], [], []]],
    [9, [[], [], [], []]],
  ])(
    "at most %i are changed at once: each waits for the one that far before it",
    async (maxParallel, expected) => {
      const world = await run(wave("all", ["a", "b", "c", "d"], maxParallel));
      const chain = ["a", "b", "c", "d"].map((name) => previous(world, name));
      expect(chain).toEqual(expected.map((names) => names.map(recordOf)));
    },
  );
});

describe("between waves", () => {
  it("stands a gate: behind all that the wave changed, and before all that the next one changes", async () => {
    const world = await run(wave("canary", ["eu"]), wave("rest", ["us", "ap"], 2), wave("last", ["me"]));
    expect(find(world, "shop/gate/canary").dependsOn).toEqual(expect.arrayContaining([recordOf("eu")]));
    expect(find(world, namespaceOf("us")).dependsOn).toEqual(["shop/gate/canary"]);
    expect(find(world, namespaceOf("ap")).dependsOn).toEqual(["shop/gate/canary"]);
    expect(find(world, namespaceOf("me")).dependsOn).toEqual(["shop/gate/rest"]);
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

  it("a gate knows the content of each of its clusters, and the program that the state keeps of it", async () => {
    const { inputs, type } = find(await run(wave("canary", ["eu", "us"])), "shop/gate/canary");
    expect(type).toBe("pulumi-nodejs:dynamic/delivery:Gate");
    expect(inputs).toMatchObject({ app: "shop", wave: "canary" });
    expect(Object.keys(inputs.clusters as object)).toEqual(["eu", "us"]);
    expect(inputs.__provider).toContain("pulumi-delivery/provider");
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
