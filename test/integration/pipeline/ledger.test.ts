import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { manifestFiles } from "../../../components/manifests/files";
import { definePipeline, flux, Pipeline, push, render } from "../../../components/pipeline";
import { registrations } from "../../support/registrations";
import type { Registration } from "../../support/registrations";
import { example } from "../../unit/pipeline/example";
import { createProject } from "./project";
import type { Project } from "./project";

const ledger = { repository: "https://git.example.com/acme/deploy.git" };
const pipeline = definePipeline({ ...example, ledger });
let project: Project;
beforeEach(() => {
  project = createProject();
  vi.stubEnv("KUBECONFIG", project.kubeconfig);
});
afterEach(() => {
  vi.unstubAllEnvs();
  project.remove();
});

it("a pipeline's ledger gets, on the environment's branch, the very bytes that render() gives for each cluster", async () => {
  const release = project.release();
  const settings = { stack: "staging", release, config: { replicas: 3 } };
  const world = await registrations(
    () => new Pipeline("shop", { pipeline, root: project.root, ...settings }),
  );
  const commits = world.filter(({ type }) => type.endsWith(":GitCommit"));
  expect(commits.map(({ inputs }) => inputs["branch"])).toEqual([
    "deploy/shop/staging",
    "deploy/shop/staging",
    "deploy/shop/staging",
  ]);
  for (const [index, cluster] of ["eu", "us"].entries()) {
    const config = { ...pipeline.config, replicas: 3 };
    const target = { release, environment: "staging", cluster, config, settings: settings.config };
    const files = [...manifestFiles(render(pipeline, target).objects)];
    const expected = files.map(([name, text]) => [`clusters/${cluster}/${name}`, text]);
    expect(commits[index]?.inputs["files"]).toEqual(Object.fromEntries(expected));
  }
});

it("a pipeline's pull request, and what becomes of its folders, reach every commit of an environment with agents", async () => {
  const release = project.release();
  const asked = { pullRequest: { host: "github" }, teardown: "keep" } as const;
  const dev = { from: "build", delivery: flux(), clusters: ["dev"] };
  const reviewed = definePipeline({ ...example, environments: { dev }, ledger: { ...ledger, ...asked } });
  const world = await registrations(
    () => new Pipeline("shop", { pipeline: reviewed, root: project.root, stack: "dev", release }),
    { outputs: () => ({ commit: "c".repeat(40), trees: {}, result: "published" }) },
  );
  const commits = world.filter(({ type }) => type.endsWith(":GitCommit"));
  expect(commits.map(({ name }) => name)).toEqual(["shop/ledger/all", "shop/ledger/verified"]);
  for (const { inputs } of commits) expect(inputs).toMatchObject(asked);
});

it("a pipeline's pull request is for its environments with agents: one that is pushed to is recorded without", async () => {
  const release = project.release();
  const prod = { from: "dev", delivery: flux(), clusters: ["eu"] };
  const dev = { from: "build", delivery: push(), clusters: ["dev"] };
  const reviewed = { ...ledger, pullRequest: { host: "github" } } as const;
  const mixed = definePipeline({ ...example, environments: { dev, prod }, ledger: reviewed });
  const world = await registrations(
    () => new Pipeline("shop", { pipeline: mixed, root: project.root, stack: "dev", release }),
  );
  const commits = world.filter(({ type }) => type.endsWith(":GitCommit"));
  expect(commits.map(({ name }) => name)).toEqual(["shop/ledger/all", "shop/ledger/verified"]);
  for (const { inputs } of commits) expect(inputs).not.toHaveProperty("pullRequest");
});

it("a stack's own address replaces the pipeline's ledger, and nothing else of its access is used there", async () => {
  const release = project.release();
  const access = { kind: "token", token: { variable: "FORGE_TOKEN" } } as const;
  const withAccess = definePipeline({ ...example, ledger: { ...ledger, access } });
  for (const made of [withAccess, definePipeline(example)]) {
    const address = "http://127.0.0.1:3000/acme/deploy.git";
    const settings = { stack: "dev", release, ledger: address };
    const world = await registrations(
      () => new Pipeline("shop", { pipeline: made, root: project.root, ...settings }),
    );
    const commits = world.filter(({ type }) => type.endsWith(":GitCommit"));
    const places = commits.map(({ inputs }) => [inputs["repository"], inputs["access"]]);
    expect(places).toEqual(commits.map(() => [address, undefined]));
    expect(commits.length).toBeGreaterThan(0);
  }
});

it("an environment whose agents are told by their stack only commits and watches: it needs none of their secrets", async () => {
  const release = project.release();
  const credentials = { kind: "token", token: { config: "delivery:readToken" } } as const;
  const kinds = [
    { apiVersion: "apps/v1", kind: "Deployment" },
    { apiVersion: "v1", kind: "Service" },
    { apiVersion: "v1", kind: "ServiceAccount" },
  ];
  const pullSecrets = [
    { name: "r", registry: "r.example.com", username: "u", password: { variable: "NOT_THERE" } },
  ];
  const run = (named: typeof kinds): Promise<Registration[]> => {
    const dev = { from: "build", delivery: flux({ sources: "agents", kinds: named, credentials }) };
    const environments = { dev: { ...dev, clusters: ["dev"] } };
    const told = definePipeline({ ...example, environments, ledger, pullSecrets });
    return registrations(
      () => new Pipeline("shop", { pipeline: told, root: project.root, stack: "dev", release }),
      { outputs: () => ({ commit: "c".repeat(40), trees: {}, result: "published" }) },
    );
  };
  const types = (await run(kinds)).map(({ type }) => type);
  expect(types.filter((type) => type.includes("kubernetes"))).toEqual([]);
  expect(types.filter((type) => /:(?:GitCommit|SyncGate)$/.test(type))).toHaveLength(3);
  const said = await run(kinds.slice(0, 2)).then(String, String);
  expect(said).toContain('kinds lacks { apiVersion: "v1", kind: "ServiceAccount" }');
});
