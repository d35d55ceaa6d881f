import { describe, expect, it } from "vitest";
import { checks } from "../../../components/checks";
import type { Check } from "../../../components/checks";
import type { ClusterTarget } from "../../../components/clusters";
import { checkPush, resolvePush } from "../../../components/push/args";
import type { PushDeliveryArgs } from "../../../components/push";

const kubeconfig = `
current-context: x
contexts: [{ name: x, context: { cluster: x, user: x } }]
clusters: [{ name: x, cluster: { server: "https://x" } }]
users: [{ name: x, user: { token: t } }]
`;
const cluster = (name: string): ClusterTarget => ({ name, kubeconfig });
const check = (args: object, name = "web"): string[] =>
  checkPush(resolvePush(name, { clusters: [cluster("eu")], manifests: [], ...args } as PushDeliveryArgs));
const wave = (name: string, ...clusters: string[]): object => ({ name, clusters: clusters.map(cluster) });
const checkWaves = (...waves: object[]): string[] => check({ clusters: undefined, waves });

describe("a push", () => {
  it("has every default filled in, and an undefined is no value", () => {
    const args = { clusters: [cluster("eu")], manifests: [], app: undefined, namespace: undefined };
    expect(resolvePush("web", args as unknown as PushDeliveryArgs)).toEqual({
      app: "web",
      namespace: "web",
      clusterScope: [],
      kubernetesVersion: "1.36",
      checks: "all",
      release: undefined,
      root: process.cwd(),
      images: {},
      transform: {},
      pullSecrets: [],
      isWayBack: expect.any(Function) as unknown,
      secret: expect.any(Function) as unknown,
      onUnreachable: "fail",
      ...{ pins: {}, retired: [], rebuilt: [], adopt: false },
      force: [],
      manifests: [],
      waves: [
        {
          ...{ name: "all", clusters: [cluster("eu")], checks: { eu: [checks.rolloutReady()] } },
          ...{ maxParallel: 1, maxFailures: 0, bake: "0s", timeout: "10m" },
        },
      ],
    });
  });

  it("goes to the application's namespace unless told otherwise", () => {
    const args: PushDeliveryArgs = { clusters: [cluster("eu")], manifests: [], app: "shop" };
    expect(resolvePush("web", args).namespace).toBe("shop");
  });

  it("to one cluster, or to waves of them, has no problem", () => {
    expect(check({})).toEqual([]);
    expect(checkWaves(wave("canary", "eu"), { ...wave("rest", "us", "ap"), maxParallel: 2 })).toEqual([]);
  });

  it.each([
    ["an app that is no label", { app: "Web" }, 'app is "Web", which is no DNS-1123 label'],
    ["a namespace that is no label", { namespace: "a.b" }, 'namespace is "a.b", which is no DNS-1123 label'],
    ["no clusters", { clusters: [] }, 'wave "all" has no clusters; name at least one'],
    ["a cluster whose name is no label", { clusters: [cluster("EU_1")] }, 'a cluster\'s name is "EU_1"'],
    [
      "a cluster twice",
      { clusters: [cluster("eu"), cluster("eu")] },
      'cluster "eu" is named twice; name it once',
    ],
    [
      "a cluster that is none",
      { clusters: [{ name: "eu" }] },
      'cluster "eu": neither "context" nor "kubeconfig"',
    ],
    ["neither clusters nor waves", { clusters: undefined }, 'give either "clusters" or "waves"'],
    ["both clusters and waves", { waves: [wave("a", "us")] }, 'give either "clusters" or "waves"'],
  ])("with %s is refused", (_what, args, sentence) => {
    expect(check(args)).toEqual([expect.stringContaining(sentence)]);
  });

  it.each(["kube-system", "kube-public", "kube-node-lease", "kube-x"])(
    "to the namespace %s is refused: it would enforce a Pod Security profile on the cluster's own parts",
    (namespace) => {
      expect(check({ namespace })).toEqual([
        `namespace is "${namespace}", which belongs to Kubernetes; give the application one of its own`,
      ]);
    },
  );

  it.each([
    [{ maxFailures: -1 }, 'wave "a" has maxFailures -1; give a whole number, 0 or more'],
    [
      { maxFailures: 1, checks: [] },
      'wave "a" has maxFailures, and no checks that could fail; leave one of them out',
    ],
    [{ bake: "31m" }, 'wave "a": bake is "31m"; give a number with s, m or h, from "0s" to "30m"'],
    [{ bake: 30 }, 'wave "a": bake is 30; give a number with s, m or h, from "0s" to "30m"'],
    [{ timeout: "3h" }, 'wave "a": timeout is "3h"; give a number with s, m or h, from "1s" to "2h"'],
    [
      { checks: [checks.http({ url: "https://example.com", path: "x" })] },
      'wave "a": checks[1].path is "x"; begin it with "/"',
    ],
  ])("with a wave of %j is refused", (rules, problem) => {
    expect(checkWaves({ ...wave("a", "eu", "us"), ...rules })).toEqual([problem]);
  });

  it("may have other checks for each cluster, the rollout always among them", () => {
    const of = (name: string): Check[] => [checks.http({ url: `https://${name}.example.com` })];
    const args = { manifests: [], waves: [{ name: "a", clusters: [cluster("eu")], checks: of }] };
    expect(resolvePush("web", args).waves[0]?.checks).toEqual({ eu: [checks.rolloutReady(), ...of("eu")] });
  });

  it("without waves is refused", () => {
    expect(checkWaves()).toEqual(['give either "clusters" or "waves", with at least one in it']);
  });

  it.each([0, -1, 1.5, Number.NaN, "2"])("with maxParallel %s is refused", (maxParallel) => {
    expect(checkWaves({ ...wave("a", "eu"), maxParallel })).toEqual([
      expect.stringMatching(/^wave "a" has maxParallel .*; give a whole number, 1 or more$/),
    ]);
  });

  it("with a cluster in two waves is refused", () => {
    expect(checkWaves(wave("a", "eu"), wave("b", "us", "eu"))).toEqual([
      'cluster "eu" is named twice; name it once',
    ]);
  });

  it("with two waves of one name is refused", () => {
    expect(checkWaves(wave("a", "eu"), wave("a", "us"))).toEqual(['wave "a" is named twice; name it once']);
  });

  it("has all of its problems said at once", () => {
    const problems = check({
      app: "A",
      namespace: "b.c",
      clusters: undefined,
      waves: [{ ...wave("W", "eu", "eu"), maxParallel: 0 }, wave("empty")],
    });
    expect(problems).toHaveLength(6);
  });
});
