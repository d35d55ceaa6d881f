import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { definePipeline, flux, PipelineAgents, push } from "../../../components";
import type { PipelineDefinition } from "../../../components";
import { registrations } from "../../support/registrations";
import type { Registration } from "../../support/registrations";

const root = mkdtempSync(join(tmpdir(), "agents-"));
afterAll(() => rmSync(root, { recursive: true }));
const MANIFESTS = `apiVersion: v1
kind: Namespace
metadata: { name: flux-system, labels: { app.kubernetes.io/version: v2.9.4 } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: source-controller, namespace: flux-system, labels: { app.kubernetes.io/component: source-controller } }
spec: { template: { spec: { containers: [{ name: manager, image: "r/source@sha256:${"a".repeat(64)}", args: [] }] } } }
`;
writeFileSync(join(root, "flux.yaml"), MANIFESTS);
const contexts = Object.fromEntries(["eu", "us", "dev"].map((name) => [name, { context: name }]));
const kubeconfig = JSON.stringify({
  contexts: Object.keys(contexts).map((name) => ({ name, context: { cluster: name, user: "me" } })),
  clusters: Object.keys(contexts).map((name) => ({
    name,
    cluster: { server: `https://${name}.example.com` },
  })),
  users: [{ name: "me", user: { token: "t" } }],
});
writeFileSync(join(root, "kubeconfig"), kubeconfig);

const pipeline = definePipeline({
  app: "shop",
  ledger: { repository: "https://git.example.com/acme/deploy.git" },
  source: { paths: ["src/**"] },
  images: {},
  clusters: contexts,
  environments: {
    dev: { from: "build", delivery: push(), clusters: ["dev"] },
    qa: { from: "dev", delivery: flux(), clusters: ["eu"], namespace: "qa" },
    prod: { from: "qa", delivery: flux(), clusters: ["eu", "us"] },
  },
  manifests: () => [],
});

async function run(agents: unknown, of: PipelineDefinition = pipeline): Promise<Registration[]> {
  const before = process.env["KUBECONFIG"];
  process.env["KUBECONFIG"] = join(root, "kubeconfig");
  try {
    return await registrations(() => new PipelineAgents("agents", { pipeline: of, root, agents }));
  } finally {
    process.env["KUBECONFIG"] = before;
  }
}

describe("the stack of the agents", () => {
  it("installs Flux once in every cluster that an environment leaves to it, and in no other", async () => {
    const world = await run({ version: "2.9.4", manifests: { path: "flux.yaml" } });
    const agents = world.filter(({ type }) => type.endsWith(":FluxAgent"));
    expect(agents.map(({ name }) => name)).toEqual(["eu", "us"]);
    const deployments = world.filter(({ type }) => type.endsWith(":Deployment"));
    expect(deployments.map(({ name }) => name)).toEqual([
      ...[
        "eu/apps/Deployment/flux-system/source-controller",
        "us/apps/Deployment/flux-system/source-controller",
      ],
    ]);
  });

  it("knows a cluster that has another name now, and takes what its kubeconfig may have", async () => {
    const us = { context: "us", formerly: ["west"], allowInsecureTls: true };
    const of = definePipeline({ ...pipeline, clusters: { ...contexts, us } } as never);
    const world = await run({ install: false }, of);
    expect(world.find(({ name, type }) => name === "us" && type.endsWith(":FluxAgent"))!.aliases).toEqual([
      "west",
    ]);
    const check = world.find(({ name }) => name === "us/agent")!;
    expect(check.inputs["access"]).toMatchObject({ allowInsecureTls: true });
  });

  it("only looks at a Flux that others look after", async () => {
    const world = await run({ install: false });
    expect(world.filter(({ type }) => type.startsWith("kubernetes:"))).toEqual([]);
    expect(world.filter(({ type }) => type.endsWith(":AgentCheck"))).toHaveLength(2);
  });

  it("says what its file has to have", async () => {
    const said = (agents: unknown): Promise<string> => run(agents).then(String, String);
    expect(await said(undefined)).toContain(
      "stacks/Pulumi.agents.yaml has no delivery:agents; give { version,",
    );
    expect(await said(["2.9.4"])).toContain("stacks/Pulumi.agents.yaml: delivery:agents is");
    expect(await said({ version: "2.9.4" })).toContain("manifests is missing");
  });

  it("is the name of no environment", () => {
    const environments = { agents: { from: "build", delivery: push(), clusters: ["dev"] } };
    expect(() => definePipeline({ ...pipeline, environments } as never)).toThrow(
      '"agents" is the stack that installs agents; choose another name',
    );
  });
});
