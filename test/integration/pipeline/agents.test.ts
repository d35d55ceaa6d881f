import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { definePipeline, flux, github, PipelineAgents, push } from "../../../components";
import type { FluxArgs, PipelineAgentsArgs, PipelineDefinition } from "../../../components";
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

async function run(
  agents: unknown,
  of: PipelineDefinition = pipeline,
  more: Partial<PipelineAgentsArgs> = {},
): Promise<Registration[]> {
  const before = process.env["KUBECONFIG"];
  process.env["KUBECONFIG"] = join(root, "kubeconfig");
  try {
    const program = (): unknown => new PipelineAgents("agents", { pipeline: of, root, agents, ...more });
    return await registrations(program, { outputs: () => ({ secret: "made", public: "made" }) });
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

const KINDS = [
  { apiVersion: "apps/v1", kind: "Deployment" },
  { apiVersion: "v1", kind: "Service" },
];
const token = { kind: "token", token: { config: "delivery:readToken" } } as const;

/** The same pipeline, whose production says who tells its agents where to read. */
const told = (args: FluxArgs): PipelineDefinition =>
  definePipeline({
    ...pipeline,
    environments: {
      ...pipeline.environments,
      prod: { from: "qa", delivery: flux(args), clusters: ["eu", "us"], namespace: "live" },
    },
  } as never);
const secret = (name: string): string | undefined => (name === "delivery:readToken" ? "canary" : undefined);

describe("the stack of the agents, where environments leave the sources to it", () => {
  const args: FluxArgs = { sources: "agents", kinds: KINDS, credentials: token, interval: "30s" };

  it("tells Flux in each of their clusters where to read, when it is there, by what the environment says", async () => {
    const world = await run({ install: false }, told(args), { secret });
    const sources = world.filter(({ type }) => type.endsWith(":FluxSource"));
    expect(sources.map(({ name }) => name)).toEqual(["prod/eu", "prod/us"]);
    expect(sources[1]!.dependsOn).toContain("us/agent");
    const repositories = world.filter(({ type }) => type.endsWith(":GitRepository"));
    expect(repositories.map(({ inputs }) => inputs)).toMatchObject(
      ["eu", "us"].map((cluster) => ({
        metadata: { name: "shop-delivery", namespace: "live" },
        spec: {
          url: "https://git.example.com/acme/deploy.git",
          ref: { branch: "deploy/shop/prod" },
          sparseCheckout: [`clusters/${cluster}`],
          interval: "30s",
        },
      })),
    );
    expect(JSON.stringify(world)).not.toContain("canary");
  });

  it("lets their accounts change the kinds that are named, and the record", async () => {
    const world = await run({ install: false }, told(args), { secret });
    const roles = world.filter(({ type, name }) => type.endsWith(":Role") && name.startsWith("prod/eu/"));
    const rules = roles.flatMap(
      ({ inputs }) => inputs["rules"] as { resources: string[]; verbs: string[] }[],
    );
    const changed = rules
      .filter(({ verbs }) => verbs.includes("patch"))
      .flatMap(({ resources }) => resources);
    expect(changed.sort()).toEqual(["configmaps", "deployments", "services"]);
  });

  it("reads the ledger that the stack's file names, and says which secret is missing before anything of a source is made", async () => {
    const ledger = "http://127.0.0.1:3000/acme/deploy.git";
    const moved = await run({ install: false }, told(args), { secret, ledger });
    expect(JSON.stringify(moved)).toContain(ledger);
    expect(JSON.stringify(moved)).not.toContain("git.example.com");
    const said = await run({ install: false }, told(args)).then(String, String);
    expect(said).toContain("delivery:readToken");
  });

  it("has a key for each cluster and one ruleset for the branch, where the ledger is on GitHub", async () => {
    const host = github({
      knownHosts: "git.example.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA==",
      protect: true,
    });
    const webhook = { url: { eu: "https://eu.example.com", us: "https://us.example.com" } };
    const world = await run({ install: false }, told({ sources: "agents", kinds: KINDS, host, webhook }));
    const named = (end: string): unknown[] =>
      world.filter(({ type }) => type.endsWith(end)).map(({ inputs }) => inputs["title"] ?? inputs["name"]);
    expect(named(":RepositoryDeployKey")).toEqual(["shop/prod/eu/1", "shop/prod/us/1"]);
    expect(named(":RepositoryRuleset")).toEqual(["ledger shop/prod"]);
    expect(named(":RepositoryWebhook")).toHaveLength(2);
  });

  it("keeps the sources of a cluster that has another name now", async () => {
    const clusters = { ...contexts, us: { context: "us", formerly: ["west"] } };
    const world = await run({ install: false }, { ...told(args), clusters }, { secret });
    expect(
      world.find(({ name, type }) => name === "prod/us" && type.endsWith(":FluxSource"))!.aliases,
    ).toEqual(["prod/west"]);
  });

  it("takes only what goes together, and says all of it", () => {
    const said = (given: object): string => {
      try {
        return String(told(given as FluxArgs));
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(said({ sources: "there" })).toContain('sources is "there"; give "here", "agents" or "elsewhere"');
    expect(said({ sources: "agents", secrets: "sops" })).toContain(
      'secrets is "sops", which needs sources: "here"',
    );
    expect(said({ sources: "agents" })).toContain("kinds is empty; name what is applied");
    expect(said({ kinds: KINDS })).toContain('kinds is given, and sources is not "agents"');
  });
});
