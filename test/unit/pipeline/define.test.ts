import { describe, expect, it } from "vitest";
import { Mistake } from "../../../components/mistake";
import { push } from "../../../components/pipeline/args";
import { flux } from "../../../components/pipeline/flux";
import type { EnvironmentArgs, PipelineArgs } from "../../../components/pipeline/args";
import { definePipeline } from "../../../components/pipeline/define";
import { example } from "./example";

function problemsOf(change: object): readonly string[] {
  try {
    definePipeline({ ...example, ...change });
  } catch (error) {
    if (error instanceof Mistake) return error.problems;
    throw error;
  }
  return [];
}

const env = (from: string, ...clusters: string[]): EnvironmentArgs => ({
  from,
  delivery: push(),
  namespace: `shop-${clusters.join("-")}-${from}`,
  clusters,
});
const withEnvironments = (environments: Record<string, object>): readonly string[] =>
  problemsOf({ environments });
const withDev = (change: object): readonly string[] =>
  withEnvironments({ dev: { ...env("build", "dev"), ...change } });

describe("a pipeline", () => {
  it("is plain data with every default filled in", () => {
    const { manifests, ...rest } = definePipeline(example);
    expect(structuredClone(rest)).toEqual(rest);
    expect(manifests).toBe(example.manifests);
    expect(rest).toMatchObject({
      app: "shop",
      source: { paths: ["app/**"], pipeline: ["infra/**"] },
      schema: undefined,
      clusterScope: [],
      config: { replicas: 1 },
      environments: {
        dev: {
          from: "build",
          namespace: "shop",
          waves: [{ name: "all", clusters: ["dev"], maxParallel: 1 }],
        },
        staging: { waves: [{ maxParallel: 1 }, { maxParallel: 2 }] },
        prod: { namespace: "shop-prod" },
      },
    });
  });

  it("has the namespace of its environments, unless one has its own", () => {
    const { environments } = definePipeline({ ...example, namespace: "acme" });
    expect(Object.values(environments).map(({ namespace }) => namespace)).toEqual([
      "acme",
      "acme",
      "shop-prod",
    ]);
  });

  it("takes an undefined for a value that is not given", () => {
    const args = {
      ...example,
      namespace: undefined,
      config: undefined,
      clusterScope: undefined,
      schema: undefined,
    };
    expect(definePipeline(args as unknown as PipelineArgs).environments.dev?.namespace).toBe("shop");
  });
});

describe("a pipeline is refused with", () => {
  it.each([
    ["an app that is no DNS-1123 label", { app: "Shop" }, 'app is "Shop", which is no DNS-1123 label'],
    ["a namespace that is none", { namespace: "a.b" }, 'namespace is "a.b"'],
    [
      "a namespace of Kubernetes itself",
      { namespace: "kube-system" },
      'namespace is "kube-system", which belongs to',
    ],
    ["an image's name that is none", { images: { Web_1: example.images.shop } }, 'images: a name is "Web_1"'],
    ["no sources", { source: { paths: [] } }, "source.paths is empty; name the application's own sources"],
    ["no sources of the pipeline", { source: { paths: ["a"], pipeline: [] } }, "source.pipeline is empty"],
    ["no environments", { environments: {} }, "environments is empty; name at least one"],
    [
      "a schema turned round",
      { schema: { revision: 1, minCompatible: 2 } },
      "schema.minCompatible is 2, above its",
    ],
    ["a schema that is none", { schema: { revision: "a" } }, "schema is"],
  ])("%s", (_what, change, sentence) => {
    expect(problemsOf(change)).toEqual([expect.stringContaining(sentence)]);
  });

  it.each([
    ["no context", { eu: {} }, "clusters.eu.context is undefined; name a context of the kubeconfig"],
    ["an empty context", { eu: { context: "" } }, 'clusters.eu.context is ""'],
    ["a name that is no label", { EU_1: { context: "a" } }, 'clusters: a name is "EU_1"'],
    [
      "the context of another",
      { eu: { context: "x" }, us: { context: "x" } },
      'clusters eu and us both have the context "x", so they are one cluster; keep one',
    ],
  ])("a cluster with %s", (_what, clusters, sentence) => {
    const all = { dev: { context: "dev-context" }, ...clusters };
    expect(problemsOf({ clusters: all, environments: { dev: env("build", "dev") } })).toEqual([
      expect.stringContaining(sentence),
    ]);
  });

  it.each([
    ["a name that is no label", { Dev_1: env("build", "dev") }, 'environments.Dev_1: its name is "Dev_1"'],
    ["the name of the stack that builds", { build: env("build", "dev") }, '"build" is the stack that builds'],
    [
      "an unknown upstream",
      { dev: env("qa", "dev") },
      'environments.dev.from is "qa"; name one of "build", "dev"',
    ],
    ["no upstream", { dev: { ...env("x", "dev"), from: undefined } }, "environments.dev.from is undefined"],
    [
      "an upstream that every object has",
      { dev: env("constructor", "dev") },
      'environments.dev.from is "constructor"',
    ],
    [
      "itself as its upstream",
      { dev: env("dev", "dev") },
      "environments.dev.from goes in a circle: dev ← dev",
    ],
  ])("an environment with %s", (_what, environments, sentence) => {
    expect(withEnvironments(environments)).toEqual([expect.stringContaining(sentence)]);
  });

  it("a circle of environments, said once", () => {
    const environments = { a: env("c", "dev"), b: env("a", "eu"), c: env("b", "us"), d: env("a", "us") };
    expect(withEnvironments(environments)).toEqual([
      'environments.a.from goes in a circle: a ← c ← b ← a; one must be from "build"',
    ]);
  });

  it("two circles, each of them said", () => {
    const environments = { a: env("b", "dev"), b: env("a", "eu"), c: env("d", "us"), d: env("c", "dev") };
    expect(withEnvironments(environments)).toHaveLength(2);
  });

  it.each([
    [
      "an unknown cluster",
      { clusters: ["nowhere"] },
      'cluster "nowhere" is not among "clusters", which has "dev", "eu"',
    ],
    [
      "a cluster that every object has",
      { clusters: ["toString"] },
      'cluster "toString" is not among "clusters"',
    ],
    ["a cluster twice", { clusters: ["dev", "dev"] }, 'cluster "dev" is named twice; it belongs to one wave'],
    ["no cluster", { clusters: [] }, 'wave "all" has no clusters'],
    [
      "clusters and waves",
      { waves: [{ name: "a", clusters: ["eu"] }] },
      'one of "clusters", "select" and "waves"; it has 2',
    ],
    ["neither", { clusters: undefined }, 'one of "clusters", "select" and "waves"; it has 0'],
    ["no waves", { clusters: undefined, waves: [] }, "waves is empty; name at least one"],
    ["a namespace of Kubernetes itself", { namespace: "kube-system" }, "environments.dev.namespace is"],
  ])("an environment that names %s", (_what, change, sentence) => {
    expect(withDev(change)).toEqual([expect.stringContaining(sentence)]);
  });

  const waves = (...list: object[]): readonly string[] => withDev({ clusters: undefined, waves: list });

  it("a cluster in two waves", () => {
    expect(waves({ name: "a", clusters: ["eu"] }, { name: "b", clusters: ["us", "eu"] })).toEqual([
      'environments.dev: cluster "eu" is named twice; it belongs to one wave',
    ]);
  });

  it("two waves of one name, or a name that is no label", () => {
    expect(waves({ name: "a", clusters: ["eu"] }, { name: "a", clusters: ["us"] })).toEqual([
      'environments.dev: two waves are named "a"; give one another name',
    ]);
    expect(waves({ name: "A", clusters: ["eu"] })).toEqual([
      expect.stringContaining('a wave\'s name is "A"'),
    ]);
  });

  it.each([0, 1.5, "1"])("a wave whose maxParallel is %j", (maxParallel) => {
    expect(waves({ name: "a", clusters: ["eu"], maxParallel })).toEqual([
      expect.stringContaining("give a whole number, 1 or more"),
    ]);
  });

  it("two environments in one namespace of one cluster, which would overwrite each other", () => {
    const shared = {
      dev: { ...env("build", "eu"), namespace: "a" },
      qa: { ...env("dev", "eu"), namespace: "a" },
    };
    expect(withEnvironments(shared)).toEqual([
      'environments dev and qa share namespace "a" of cluster "eu"; give one another namespace',
    ]);
  });

  it("everything at once", () => {
    const problems = problemsOf({
      app: "Shop",
      source: { paths: [] },
      environments: {
        Dev: env("build", "nowhere"),
        qa: env("prod", "eu", "eu"),
      },
    });
    expect(problems).toHaveLength(6);
  });

  it("a heading that names the pipeline", () => {
    expect(() => definePipeline({ ...example, environments: {} })).toThrow(
      /^The pipeline of "shop":\n {2}- /,
    );
  });
});

describe("a pipeline's ledger", () => {
  const repository = "https://git.example.com/acme/deploy.git";
  const refusedWith = (ledger: object, delivery: EnvironmentArgs["delivery"]): readonly string[] => {
    const environments = { dev: { from: "build", delivery, clusters: ["dev"] } };
    return problemsOf({
      environments,
      ledger: { repository, ...ledger } as NonNullable<PipelineArgs["ledger"]>,
    });
  };
  const pullRequest = { host: "github" } as const;

  it("takes pull requests for agents, and what becomes of its folders", () => {
    expect(refusedWith({ pullRequest, teardown: "keep" }, flux())).toEqual([]);
    expect(refusedWith({ teardown: "keep" }, push())).toEqual([]);
  });

  it("takes pull requests for agents beside an environment that is pushed to", () => {
    const environments = {
      dev: { from: "build", delivery: push(), clusters: ["dev"] },
      prod: { from: "dev", delivery: flux(), clusters: ["eu"] },
    };
    expect(problemsOf({ environments, ledger: { repository, pullRequest } })).toEqual([]);
  });

  it("takes no pull requests where every environment is pushed to, in one sentence", () => {
    const [said, ...others] = refusedWith({ pullRequest }, push());
    expect(said).toContain(
      "environments.dev.delivery: the ledger has a pullRequest, and a push applies at once",
    );
    expect(others).toEqual([]);
  });

  it("names every problem of both", () => {
    const said = refusedWith({ pullRequest: { host: "gitea" }, teardown: "leave" }, flux());
    expect(said).toEqual([
      'ledger: pullRequest.host must be "github"',
      'ledger: teardown must be "delete" or "keep"',
    ]);
  });
});
