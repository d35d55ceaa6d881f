import { addIdentity, createRepository } from "../../../sandbox/git/index.ts";
import type { ClusterInfo } from "../../../sandbox/clusters/index.ts";
import { startFlux, stopFlux, writeFluxManifests } from "../../../sandbox/flux/index.ts";
import type { RunningFlux } from "../../../sandbox/flux/index.ts";
import type { SandboxInfo } from "../../../sandbox/info.ts";
import type { RunResult } from "../../../sandbox/processes/index.ts";
import { ensureTools } from "../../../sandbox/toolchain/index.ts";
import type { FluxController } from "../../../sandbox/toolchain/index.ts";
import { Namespace } from "../../support/namespace";
import { Project } from "../../support/project";
import { sharedSandbox } from "../../support/sandbox";

/** The cluster that Flux is installed in. */
export const CLUSTER = "us-1";
export const FLUX_VERSION = "2.9.4";
/** Those that a delivery needs: each one more takes minutes to build. */
const CONTROLLERS = ["source-controller", "kustomize-controller"] as const;
/** Where the agents' token is, as infra of a user would have it. */
const WRITE_TOKEN = "PULL_TEST_WRITE_TOKEN";

/** Flux in a real cluster, and a deploy repository that it reads from. */
export interface PullWorld {
  readonly sandbox: SandboxInfo;
  readonly cluster: ClusterInfo;
  readonly repository: string;
  /** Path of the install manifests. */
  readonly manifests: string;
  /** A token that may read the repository. */
  readonly readToken: string;
  readonly agent: Project;
  readonly flux: { start(only?: readonly FluxController[]): Promise<RunningFlux>; stop: Stop };
  stack(name: string): Promise<Stack>;
  remove(): Promise<void>;
}

type Stop = (only?: readonly FluxController[]) => Promise<void>;

export async function makePullWorld(name: string): Promise<PullWorld> {
  const sandbox = await sharedSandbox();
  const tools = await ensureTools([...CONTROLLERS, "kubectl"]);
  const cluster = sandbox.clusters.find((info) => info.name === CLUSTER)!;
  const manifests = await writeFluxManifests(sandbox.dir, tools.kubectl, CONTROLLERS);
  const { cloneUrl: repository, fullName } = await createRepository(sandbox.git, name, { private: true });
  const reader = await addIdentity(sandbox.git, { login: `${name}-reader`, access: { [fullName]: "read" } });
  const agent = new Project(sandbox);
  const stacks: Stack[] = [];
  const world: PullWorld = {
    ...{ sandbox, cluster, repository, manifests, readToken: reader.token, agent },
    flux: {
      start: (only = CONTROLLERS) => startFlux(sandbox.dir, cluster, tools, only),
      stop: (only) => stopFlux(sandbox.dir, cluster, only),
    },
    async stack(app) {
      const stack = new Stack(world, app);
      stacks.push(stack);
      await stack.project.program("");
      return stack;
    },
    async remove() {
      for (const stack of stacks) await stack.remove();
      await stopFlux(sandbox.dir, cluster);
      agent.remove();
    },
  };
  await agent.program(agentSource(manifests));
  return world;
}

export function agentSource(manifests: string, more = ""): string {
  return `
    const { FluxAgent } = require("pulumi-delivery");
    new FluxAgent("agent", {
      cluster: { name: "${CLUSTER}", context: "${CLUSTER}" }, version: "${FLUX_VERSION}",
      manifests: { path: ${JSON.stringify(manifests)} },
      components: ${JSON.stringify(CONTROLLERS)}, ${more}
    });`;
}

export interface Delivery {
  /** Setting of the application. @default "hello" */
  readonly greeting?: string;
  /** Source text of a list of more objects. @default none */
  readonly more?: string;
  /** Source text of more arguments. @default none */
  readonly args?: string;
}

const IMAGE = `registry.example.com/acme/orders@sha256:${"5".repeat(64)}`;

/** A program that delivers one application through Flux. */
export class Stack {
  readonly app: string;
  readonly project: Project;
  readonly namespace: Namespace;
  readonly #world: PullWorld;

  constructor(world: PullWorld, app: string) {
    this.#world = world;
    this.app = app;
    const { git } = world.sandbox;
    this.project = new Project({ ...world.sandbox, env: { ...world.sandbox.env, [WRITE_TOKEN]: git.token } });
    this.namespace = new Namespace(world.sandbox, CLUSTER, app);
  }

  /** The program from now on. */
  deliver({ greeting = "hello", more = "[]", args = "" }: Delivery = {}): void {
    const { repository, readToken } = this.#world;
    this.project.write(
      "index.js",
      `
      const pulumi = require("@pulumi/pulumi");
      const { app, PullDelivery } = require("pulumi-delivery");
      const delivery = new PullDelivery("${this.app}", {
        clusters: [{ name: "${CLUSTER}", context: "${CLUSTER}" }],
        ledger: { repository: "${repository}", access: { kind: "token", token: { variable: "${WRITE_TOKEN}" } } },
        credentials: { kind: "token", token: pulumi.secret("${readToken}") },
        interval: "10s", healInterval: "10s", retryInterval: "5s", timeout: "60s",
        ${args}
        manifests: [
          ...app({ name: "${this.app}", image: "${IMAGE}", port: 8080, config: { GREETING: ${JSON.stringify(greeting)} } }),
          ...${more},
        ],
      });
      exports.record = delivery.record;`,
    );
  }

  async up(): Promise<{ readonly seconds: number; readonly changes: Readonly<Record<string, number>> }> {
    const begun = performance.now();
    const changes = await this.project.up();
    return { changes, seconds: (performance.now() - begun) / 1000 };
  }

  async tryUp(): Promise<RunResult & { readonly seconds: number }> {
    const begun = performance.now();
    const result = await this.project.tryUp();
    return { ...result, seconds: (performance.now() - begun) / 1000 };
  }

  async result(): Promise<string> {
    const { record } = await this.project.outputs<{ record: Record<string, { result: string }> }>();
    return record[CLUSTER]?.result ?? "";
  }

  async remove(): Promise<void> {
    await this.project.pulumi("destroy", "--yes", "--stack", "dev");
    this.project.remove();
  }
}
