import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { formerAliases } from "../clusters";
import type { ClusterTarget } from "../clusters";
import { shown } from "../manifests";
import { assertValid } from "../problems";
import { FluxAgent } from "../pull";
import type { ExistingFlux, FluxAgentArgs, InstalledFlux } from "../pull";
import { AGENTS_STACK } from "./args";
import { pulledClusterNames } from "./pulled";
import type { PipelineDefinition } from "./define";
import { withLedger } from "./ledger";
import { createSources } from "./sources";
import { targetOf } from "./standing";

/** Which Flux the clusters of a pipeline get, as the file of the stack `agents` says it. */
export type AgentSettings = Omit<InstalledFlux, "cluster"> | Omit<ExistingFlux, "cluster">;

/** The pipeline whose clusters get Flux, and which Flux. */
export interface PipelineAgentsArgs {
  readonly pipeline: PipelineDefinition;
  /** The folder that the path of manifests begins at: that of `Pulumi.yaml`. */
  readonly root: string;
  /** `delivery:agents` of the stack's file, as it was read: {@link AgentSettings}. */
  readonly agents: unknown;
  /**
   * `delivery:ledger` of the stack's file: the repository that the agents read, in place of the pipeline's.
   * @default the pipeline's `ledger`
   */
  readonly ledger?: string | undefined;
  /**
   * The stack's secret configuration by full name, where an environment with `sources: "agents"` has `{ config: "…" }`.
   * @default none
   */
  readonly secret?: (name: string) => string | undefined;
}

/**
 * Flux in every cluster that an environment leaves to it. It is a stack of its own, {@link AGENTS_STACK}, since an agent
 * serves all that is delivered to its cluster, and is upgraded at another time. For environments with `sources: "agents"` it
 * also tells Flux where to read.
 *
 * @throws pulumi.ResourceError with every problem of the settings, before anything is declared.
 */
export class PipelineAgents extends pulumi.ComponentResource {
  /** Names of the clusters that have it. */
  public readonly clusters: readonly string[];

  constructor(name: string, args: PipelineAgentsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("delivery:pipeline:PipelineAgents", name, {}, opts);
    assertValid(this, checkAgents(args.agents));
    const settings = withRoot(args.agents as AgentSettings, args.root);
    const targets = pulledClusters(args.pipeline);
    const agents = new Map(targets.map((target) => [target.name, createAgent(settings, target, this)]));
    createSources({ ...args, pipeline: withLedger(args.pipeline, args.ledger) }, agents, this);
    this.clusters = targets.map((cluster) => cluster.name);
    this.registerOutputs({ clusters: this.clusters });
  }
}

function createAgent(settings: AgentSettings, cluster: ClusterTarget, parent: pulumi.Resource): FluxAgent {
  const aliases = formerAliases(cluster.name, cluster);
  return new FluxAgent(cluster.name, { ...settings, cluster } as FluxAgentArgs, { parent, aliases });
}

function pulledClusters(pipeline: PipelineDefinition): ClusterTarget[] {
  return pulledClusterNames(pipeline).map((name) => targetOf(pipeline.clusters, name));
}

/** What a FluxAgent itself does not look at. */
function checkAgents(agents: unknown): string[] {
  const field = `stacks/Pulumi.${AGENTS_STACK}.yaml`;
  const form = "{ version, manifests: { path } or { url, sha256 } }, or { install: false }";
  if (agents === undefined) return [`${field} has no delivery:agents; give ${form}`];
  const isForm = typeof agents === "object" && agents !== null && !Array.isArray(agents);
  return isForm ? [] : [`${field}: delivery:agents is ${shown(agents)}; give ${form}`];
}

function withRoot(settings: AgentSettings, root: string): AgentSettings {
  if (settings.install === false || settings.manifests?.path === undefined) return settings;
  return { ...settings, manifests: { ...settings.manifests, path: resolve(root, settings.manifests.path) } };
}
