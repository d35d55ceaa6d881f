import type { Release } from "../../../components/release";
import { addIdentity, createRepository } from "../../../sandbox/git/index.ts";
import { Namespace } from "../../support/namespace";
import { Project } from "../../support/project";
import { Delivery } from "../cli/delivery";
import { FLUX_VERSION, IMAGE } from "./world";
import type { PullWorld } from "./world";

/** What the account of the pipeline's environment may change. */
export const KINDS: readonly { readonly apiVersion: string; readonly kind: string }[] = [
  { apiVersion: "apps/v1", kind: "Deployment" },
  { apiVersion: "v1", kind: "Service" },
  { apiVersion: "v1", kind: "ServiceAccount" },
];

/** A pipeline with one environment, which is left to Flux, as the command line has it: `agents` tells Flux where to read. */
export class PulledPipeline {
  readonly app: string;
  readonly project: Project;
  readonly delivery: Delivery;
  readonly namespace: Namespace;
  readonly #world: PullWorld;
  readonly #ledger: string;

  private constructor(world: PullWorld, app: string, ledger: string) {
    this.app = app;
    this.project = new Project(world.sandbox);
    this.delivery = new Delivery(this.project, world.sandbox);
    this.namespace = new Namespace(world.sandbox, world.cluster.name, app);
    this.#world = world;
    this.#ledger = ledger;
  }

  /** With what Flux gets and reads by in the file of the stack `agents`; nothing is installed yet. */
  static async make(world: PullWorld, app: string): Promise<PulledPipeline> {
    const { git } = world.sandbox;
    const { cloneUrl, fullName } = await createRepository(git, `${world.name}-${app}`, { private: true });
    const access = { [fullName]: "read" } as const;
    const made = new PulledPipeline(world, app, cloneUrl);
    await made.delivery.begin(app, ["build", "agents", "prod"]);
    made.project.write("agents/flux.yaml", world.manifests);
    const { token } = await addIdentity(git, { login: `${world.name}-${app}-reader`, access });
    const [settings, onto] = [{ path: "agents/flux.yaml" }, ["--stack", "agents"]];
    const agents = { version: FLUX_VERSION, manifests: settings, components: world.controllers };
    await made.project.pulumi("config", "set", "delivery:agents", JSON.stringify(agents), ...onto);
    await made.project.pulumi("config", "set", "--secret", "delivery:readToken", token, ...onto);
    made.write("none yet");
    return made;
  }

  write(greeting: string, kinds = KINDS): void {
    const { name } = this.#world.cluster;
    this.project.write(
      "infra/pipeline.ts",
      `import { app, definePipeline, flux } from "pulumi-delivery";
      export const pipeline = definePipeline({
        app: "${this.app}", ledger: { repository: "${this.#ledger}" }, source: { paths: ["app/**"] }, images: {},
        clusters: { "${name}": { context: "${name}" } },
        environments: { prod: { from: "build", clusters: ["${name}"], delivery: flux({
          sources: "agents", kinds: ${JSON.stringify(kinds)},
          credentials: { kind: "token", token: { config: "delivery:readToken" } },
          interval: "10s", retryInterval: "5s", timeout: "60s" }) } },
        manifests: () => app({ name: "${this.app}", image: "${IMAGE}", port: 8080, config: { GREETING: "${greeting}" } }),
      });`,
    );
  }

  /** A commit with these sources, and the release that the stack "build" makes of it, which is delivered. */
  async deliver(greeting: string): Promise<Release> {
    this.write(greeting);
    await this.project.commit(`feat: ${greeting}`);
    const built = await this.delivery.succeed("up", "build", "--json");
    await this.delivery.succeed("promote", "prod", "--up");
    await this.project.commit("chore: promote");
    return (JSON.parse(built) as { release: Release }).release;
  }

  /** What the cluster itself says: the application's setting, and the release of its record. */
  async inCluster(): Promise<readonly [greeting: unknown, release: unknown]> {
    const { GREETING } = await this.namespace.configMap(`${this.app}-config`);
    const { release } = await this.namespace.configMap(`${this.app}-release`);
    return [GREETING, release];
  }

  /** As somebody would by hand. */
  async suspend(suspend: boolean): Promise<void> {
    const metadata = { name: `${this.app}-delivery`, namespace: this.app };
    const ref = { apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization", metadata };
    await this.namespace.api.apply({ ...ref, spec: { suspend } } as never);
  }

  async remove(): Promise<void> {
    await this.project.tryPulumi("destroy", "--yes", "--skip-preview", "--stack", "prod");
    this.project.remove();
  }
}
