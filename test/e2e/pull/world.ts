import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { addIdentity, createRepository } from "../../../sandbox/git/index.ts";
import type { ClusterInfo } from "../../../sandbox/clusters/index.ts";
import { evictFlux, startFlux, stopFlux, writeFluxManifests } from "../../../sandbox/flux/index.ts";
import type { RunningFlux } from "../../../sandbox/flux/index.ts";
import type { SandboxInfo } from "../../../sandbox/info.ts";
import type { RunResult } from "../../../sandbox/processes/index.ts";
import { ensureTools } from "../../../sandbox/toolchain/index.ts";
import type { FluxController } from "../../../sandbox/toolchain/index.ts";
import { Namespace } from "../../support/namespace";
import { Project } from "../../support/project";
import { sharedSandbox } from "../../support/sandbox";
import { clone, tipOf } from "../sandbox-git/support";
import type { GitClient } from "../sandbox-git/support";

export const FLUX_VERSION = "2.9.4";
/** Those that a delivery needs: each one more takes minutes to build. */
const CONTROLLERS = ["source-controller", "kustomize-controller"] as const;
/** Where the agents' token is, as infra of a user would have it. */
const WRITE_TOKEN = "PULL_TEST_WRITE_TOKEN";
export const IMAGE = `registry.example.com/acme/orders@sha256:${"5".repeat(64)}`;

/** Source text of a list with a Service that no API server takes: its address is none of the cluster's. */
export const refused = (
  app: string,
): string => `[{ apiVersion: "v1", kind: "Service", metadata: { name: "refused" },
  spec: { clusterIP: "192.0.2.1", ports: [{ port: 80, targetPort: 8080 }], selector: { "app.kubernetes.io/name": "${app}" } } }]`;

export interface PullWorldOptions {
  /** The cluster that Flux is installed in: files of tests that run side by side take different ones. */
  readonly cluster: string;
  /** @default source-controller and kustomize-controller */
  readonly controllers?: readonly FluxController[];
  /** @default the shared one */
  readonly sandbox?: SandboxInfo;
}

/** Flux in a real cluster, and deploy repositories that it reads from. */
export interface PullWorld {
  readonly name: string;
  readonly sandbox: SandboxInfo;
  readonly cluster: ClusterInfo;
  readonly controllers: readonly FluxController[];
  /** Text of the install manifests. */
  readonly manifests: string;
  readonly agent: Project;
  readonly flux: { start(only?: readonly FluxController[]): Promise<RunningFlux>; stop: Stop; evict: Evict };
  /** The agent's program from now on. */
  install(args?: InstallArgs): void;
  stack(app: string): Promise<Stack>;
  remove(): Promise<void>;
}

interface InstallArgs {
  /** @default {@link FLUX_VERSION} */
  readonly version?: string;
  /** Text of the manifests. @default those of that version */
  readonly manifests?: string;
  readonly teardown?: "orphan" | "delete";
}

type Evict = (only: readonly FluxController[]) => Promise<void>;
type Stop = (only?: readonly FluxController[]) => Promise<void>;

export async function makePullWorld(name: string, options: PullWorldOptions): Promise<PullWorld> {
  const { controllers = CONTROLLERS } = options;
  const sandbox = options.sandbox ?? (await sharedSandbox());
  const tools = await ensureTools([...controllers, "kubectl"]);
  const cluster = sandbox.clusters.find((info) => info.name === options.cluster)!;
  const dir = join(sandbox.dir, `flux-of-${name}`);
  const manifests = readFileSync(await writeFluxManifests(dir, tools.kubectl, controllers), "utf8");
  const agent = new Project(sandbox);
  const stacks: Stack[] = [];
  const world: PullWorld = {
    ...{ name, sandbox, cluster, controllers, manifests, agent },
    flux: {
      start: (only = controllers) => startFlux(sandbox.dir, cluster, tools, only),
      stop: (only) => stopFlux(sandbox.dir, cluster, only),
      evict: (only) => evictFlux(sandbox.dir, cluster, only),
    },
    install({ manifests: text, ...args } = {}) {
      const { version = FLUX_VERSION } = args;
      agent.write("install.yaml", text ?? manifests.replaceAll(FLUX_VERSION, version));
      agent.write("index.js", agentSource(world, { version, ...args }));
    },
    async stack(app) {
      const stack = await Stack.make(world, app);
      stacks.push(stack);
      return stack;
    },
    async remove() {
      await Promise.all(stacks.map((stack) => stack.remove()));
      await stopFlux(sandbox.dir, cluster);
      agent.remove();
    },
  };
  await agent.program("");
  world.install();
  return world;
}

function agentSource(
  { cluster: { name }, agent, controllers }: PullWorld,
  { version, teardown }: Omit<InstallArgs, "manifests">,
): string {
  return `
    const { FluxAgent } = require("pulumi-delivery");
    new FluxAgent("agent", {
      cluster: { name: "${name}", context: "${name}" }, version: "${version}",
      manifests: { path: ${JSON.stringify(join(agent.root, "install.yaml"))} },
      components: ${JSON.stringify(controllers)}, teardown: ${JSON.stringify(teardown)},
    });`;
}

export interface Delivery {
  /** Setting of the application. @default "hello" */
  readonly greeting?: string;
  /** Source text of a list of more objects. @default none */
  readonly more?: string;
  /** Source text of more arguments, which take the place of those above them. @default none */
  readonly args?: string;
  /** Source text of more fields of the ledger. @default none */
  readonly ledger?: string;
  /** Source text that stands before the delivery. @default none */
  readonly before?: string;
  /** Source text of the component's options. @default none */
  readonly opts?: string;
}

/** A program that delivers one application through Flux, to a repository of its own. */
export class Stack {
  readonly app: string;
  readonly project: Project;
  readonly namespace: Namespace;
  readonly repository: string;
  /** `owner/name` */
  readonly fullName: string;
  /** A token that may read the repository. */
  readToken = "";
  readonly #world: PullWorld;

  private constructor(world: PullWorld, app: string, made: { cloneUrl: string; fullName: string }) {
    this.#world = world;
    this.app = app;
    this.repository = made.cloneUrl;
    this.fullName = made.fullName;
    const { git, env } = world.sandbox;
    this.project = new Project({ ...world.sandbox, env: { ...env, [WRITE_TOKEN]: git.token } });
    this.namespace = new Namespace(world.sandbox, world.cluster.name, app);
  }

  static async make(world: PullWorld, app: string): Promise<Stack> {
    const made = await createRepository(world.sandbox.git, `${world.name}-${app}`, { private: true });
    const stack = new Stack(world, app, made);
    await Promise.all([stack.renewToken(), stack.project.program("")]);
    return stack;
  }

  get reader(): string {
    return `${this.#world.name}-${this.app}-reader`;
  }

  get branch(): string {
    return `deploy/${this.app}/dev`;
  }

  async renewToken(): Promise<void> {
    const access = { [this.fullName]: "read" } as const;
    this.readToken = (await addIdentity(this.#world.sandbox.git, { login: this.reader, access })).token;
  }

  /** The program from now on. */
  deliver({
    greeting = "hello",
    more = "[]",
    args = "",
    ledger = "",
    before = "",
    opts = "{}",
  }: Delivery = {}) {
    const { name } = this.#world.cluster;
    this.project.write(
      "index.js",
      `
      const pulumi = require("@pulumi/pulumi");
      const { app, PullDelivery } = require("pulumi-delivery");
      ${before}
      const delivery = new PullDelivery("${this.app}", {
        clusters: [{ name: "${name}", context: "${name}" }],
        ledger: { repository: "${this.repository}", access: { kind: "token", token: { variable: "${WRITE_TOKEN}" } }, ${ledger} },
        credentials: { kind: "token", token: pulumi.secret("${this.readToken}") },
        interval: "10s", healInterval: "5s", retryInterval: "5s", timeout: "60s",
        ${args}
        manifests: [
          ...app({ name: "${this.app}", image: "${IMAGE}", port: 8080, config: { GREETING: ${JSON.stringify(greeting)} } }),
          ...${more},
        ],
      }, ${opts});
      exports.record = delivery.record;`,
    );
  }

  async up(): Promise<Readonly<Record<string, number>>> {
    return this.project.up();
  }

  async tryUp(): Promise<RunResult & { readonly seconds: number }> {
    const begun = performance.now();
    const result = await this.project.tryUp();
    return { ...result, seconds: (performance.now() - begun) / 1000 };
  }

  /** What a preview says that has to be refused. */
  async refusedPreview(): Promise<string> {
    const { code, stdout, stderr } = await this.project.tryPulumi("preview", "--stack", "dev");
    expect(code).not.toBe(0);
    return `${stdout}${stderr}`;
  }

  /** The commit that the ledger's branch is at; empty without one. */
  async tip(): Promise<string> {
    return tipOf(this.#world.sandbox.git, this.fullName, this.branch);
  }

  /** With a kubeconfig whose clusters are out of reach. */
  async tryUpFromAfar(): Promise<RunResult> {
    const text = readFileSync(this.#world.sandbox.kubeconfig, "utf8");
    this.project.write("far-away.yaml", text.replace(/https:\/\/[\w.:[\]-]+/g, "https://127.0.0.1:1"));
    return this.project.tryUp("dev", { KUBECONFIG: join(this.project.root, "far-away.yaml") });
  }

  async destroy(): Promise<string> {
    return this.project.pulumi("destroy", "--yes", "--skip-preview", "--stack", "dev");
  }

  async result(cluster = this.#world.cluster.name): Promise<string> {
    const { record } = await this.project.outputs<{ record: Record<string, { result: string }> }>();
    return record[cluster]?.result ?? "";
  }

  /** What the application's setting is in the cluster. */
  async greeting(): Promise<unknown> {
    const { [`ConfigMap/${this.app}-config`]: config } = await this.namespace.objects();
    return (config?.["data"] as Record<string, string> | undefined)?.["GREETING"];
  }

  kustomization() {
    return this.#ref("kustomize.toolkit.fluxcd.io/v1", "Kustomization");
  }

  source() {
    return this.#ref("source.toolkit.fluxcd.io/v1", "GitRepository");
  }

  #ref(apiVersion: string, kind: string) {
    return { apiVersion, kind, metadata: { name: `${this.app}-delivery`, namespace: this.app } };
  }

  async suspend(suspended: boolean): Promise<void> {
    await this.namespace.api.apply({ ...this.kustomization(), spec: { suspend: suspended } } as never);
  }

  /** The application's namespace in another cluster of the sandbox. */
  in(cluster: string): Namespace {
    return new Namespace(this.#world.sandbox, cluster, this.app);
  }

  /** A clone of the ledger, at its branch, by somebody who may write. */
  async clone(): Promise<GitClient> {
    const { git, dir } = this.#world.sandbox;
    const client = await clone(git, dir, this.fullName);
    return client;
  }

  /** Writes a file of this cluster's folder in a clone. */
  write({ cwd }: GitClient, name: string, text: string): void {
    writeFileSync(join(cwd, "clusters", this.#world.cluster.name, name), text);
  }

  async remove(): Promise<void> {
    await this.destroy();
    this.project.remove();
  }
}
