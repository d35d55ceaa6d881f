import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { definePipeline, Pipeline } from "../../../components/pipeline";
import type { StackSettings } from "../../../components/pipeline";
import type { Release } from "../../../components/release";
import { Mistake } from "../../../components/mistake";
import { registrations } from "../../support/registrations";
import type { Registration } from "../../support/registrations";
import { example, IMAGE } from "../../unit/pipeline/example";
import { createProject } from "./project";
import type { Project } from "./project";

/** The process that renders releases of other code is one of the compiled library; here it finds nothing. */
vi.mock("../../../components/release/older/sync", () => ({
  renderOlderSync: () => {
    throw new Mistake("Rendering it", ["its commit is not in this clone"]);
  },
}));

const pipeline = definePipeline(example);
let project: Project;
let release: Release;
beforeEach(() => {
  project = createProject();
  release = project.release();
  vi.stubEnv("KUBECONFIG", project.kubeconfig);
});
afterEach(() => {
  vi.unstubAllEnvs();
  project.remove();
});

const run = (settings: StackSettings): Promise<Registration[]> =>
  registrations(() => new Pipeline("shop", { pipeline, root: project.root, ...settings }));

/** What the user reads, and the types of what had been declared by then. */
async function refused(settings: StackSettings): Promise<{ message: string; types: string[] }> {
  let error: unknown;
  const world = await registrations(() => {
    try {
      return new Pipeline("shop", { pipeline, root: project.root, ...settings });
    } catch (thrown) {
      error = thrown;
    }
  });
  expect(pulumi.ResourceError.isInstance(error)).toBe(true);
  expect((error as pulumi.ResourceError).hideStack).toBe(true);
  return { message: (error as Error).message, types: world.map(({ type }) => type) };
}

describe("the stack of an environment", () => {
  it("delivers the release of its file to its own clusters, by their contexts, in its namespace", async () => {
    const world = await run({ stack: "prod", release });
    const providers = world.filter(({ type }) => type === "pulumi:providers:kubernetes");
    expect(providers.map(({ name, inputs }) => [name, inputs.context])).toEqual([["shop/eu", "eu-context"]]);
    const deployment = world.find(({ type }) => type === "kubernetes:apps/v1:Deployment");
    expect(deployment?.inputs.metadata).toMatchObject({ name: "web", namespace: "shop-prod" });
    expect(JSON.stringify(deployment?.inputs)).toContain(IMAGE);
    expect(world.find(({ name }) => name.endsWith("/shop-release"))?.inputs.data).toMatchObject({
      release: release.id,
      commit: release.commit,
      "image.shop": IMAGE,
    });
  });

  it("never builds: whatever is not in its file is no part of it", async () => {
    const types = new Set(
      (await run({ stack: "dev", release })).map(({ type }) => type.split(":").slice(0, 2).join(":")),
    );
    expect([...types].sort()).toEqual([
      "delivery:pipeline",
      "delivery:push",
      "kubernetes:apps/v1",
      "kubernetes:core/v1",
      "pulumi-nodejs:dynamic/delivery",
      "pulumi:providers",
    ]);
  });

  it("goes wave by wave", async () => {
    const world = await run({ stack: "staging", release });
    const namespace = world.find(({ name }) => name === "shop/us/core/Namespace//shop");
    expect(namespace?.dependsOn).toContain("shop/gate/canary");
    expect(world.filter(({ type }) => type.endsWith(":Gate")).map(({ name }) => name)).toEqual([
      "shop/gate/canary",
      "shop/gate/rest",
    ]);
  });

  it("has what its file says otherwise than the pipeline's settings", async () => {
    const world = await run({ stack: "dev", release, config: { replicas: 7 } });
    const deployment = world.find(({ type }) => type === "kubernetes:apps/v1:Deployment");
    expect(deployment?.inputs.spec).toMatchObject({ replicas: 7 });
  });

  it("keeps nothing of its settings in the state of a component", async () => {
    const components = (await run({ stack: "dev", release })).filter(({ type }) =>
      type.startsWith("delivery:"),
    );
    expect(components.length).toBeGreaterThan(2);
    for (const { inputs } of components) expect(inputs).toEqual({});
  });

  it("says which release it runs and what runs where", async () => {
    const seen: { release?: unknown; record?: unknown } = {};
    await registrations(() => {
      const stack = new Pipeline("shop", { pipeline, root: project.root, stack: "staging", release });
      stack.release.apply((value) => (seen.release = value));
      stack.record.apply((value) => (seen.record = value));
    });
    expect(seen.release).toEqual(release);
    expect(seen.record).toMatchObject({
      eu: { release: release.id, wave: "canary" },
      us: { release: release.id, wave: "rest" },
    });
  });

  it("needs no commit and no Git: a release is complete by itself", async () => {
    const elsewhere = createProject();
    const world = await registrations(
      () => new Pipeline("shop", { pipeline, root: elsewhere.root, stack: "dev", release }),
    );
    elsewhere.remove();
    expect(world.length).toBeGreaterThan(5);
  });
});

describe("a stack that cannot be right", () => {
  it.each<[string, () => StackSettings, string]>([
    [
      "an unknown name",
      () => ({ stack: "qa", release }),
      'stack "qa" is no environment of the pipeline; select one of',
    ],
    [
      "being that of the agents, which is another component's",
      () => ({ stack: "agents" }),
      "it has the agents: let the program make PipelineAgents for it",
    ],
    ["no release", () => ({ stack: "dev" }), "Pulumi.dev.yaml has no delivery:release; promote one from"],
    [
      "a malformed digest",
      () => ({ stack: "dev", release: { ...release, images: { shop: "r/shop@sha256:12" } } }),
      "Pulumi.dev.yaml: delivery:release.images.shop is",
    ],
    [
      "an unknown setting",
      () => ({ stack: "dev", release, config: { colour: 1 } }),
      "delivery:config.colour is no setting",
    ],
  ])("because of %s is refused before anything is declared", async (_what, settings, sentence) => {
    const { message, types } = await refused(settings());
    expect(message).toContain(sentence);
    expect(types).toEqual(["delivery:pipeline:Pipeline"]);
  });

  it("because other code made the release says how to run that code", async () => {
    project.write("infra/pipeline.ts", "export const pipeline = 2;\n");
    const { message, types } = await refused({ stack: "dev", release });
    expect(message).toContain(`release ${release.id} was made by other pipeline sources than these`);
    expect(message).toContain("- its commit is not in this clone");
    expect(message).toContain(`git checkout ${release.commit}`);
    expect(types).toEqual(["delivery:pipeline:Pipeline"]);
  });

  it.each([
    ["is missing", "/nowhere/kubeconfig", /cluster "dev": none of its kubeconfig files can be read/],
    ["is malformed", undefined, /cluster "dev": KUBECONFIG \(.*\) is no kubeconfig/],
    ["lacks the context", "contexts", /cluster "dev": .* has no context "dev-context"; it has none/],
  ])("because its kubeconfig %s declares nothing in any cluster", async (_what, path, sentence) => {
    if (path === undefined) project.write("kubeconfig", "token: canary-44dd\n");
    if (path === "contexts") project.write("kubeconfig", "clusters: [{ name: a, cluster: {} }]\n");
    if (path?.startsWith("/") === true) vi.stubEnv("KUBECONFIG", path);
    const { message, types } = await refused({ stack: "dev", release });
    expect(message).toMatch(sentence);
    expect(message).not.toContain("canary-44dd");
    expect(types).toEqual(["delivery:pipeline:Pipeline", "delivery:push:PushDelivery"]);
  });

  it("because of its release and its settings has all of it in one error", async () => {
    const { message } = await refused({
      stack: "dev",
      release: { ...release, commit: "x" },
      config: { colour: 1 },
    });
    expect(message.split("\n  - ")).toHaveLength(3);
  });
});
