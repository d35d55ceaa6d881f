import * as pulumi from "@pulumi/pulumi";
import { checkClusterTarget, createClusterProvider } from "../clusters";
import type { ClusterTarget } from "../clusters";
import { shown } from "../manifests";
import type { Manifest } from "../manifests";
import { Mistake } from "../mistake";
import { assertValid } from "../problems";
import { createObject } from "../push/object";
import { accessOf } from "./access-of";
import { AgentCheck } from "./agent-check";
import { fluxAgent, DEFAULT_FLUX_COMPONENTS, FLUX_COMPONENTS, publishedVersion } from "./flux";
import type { FluxComponent } from "./flux";
import { checkManifestSource, readPublished } from "./published";
import type { ManifestSource } from "./published";
import { definitionsOf } from "./stored-versions";

/** What becomes of the agent when its stack is destroyed. */
export type AgentTeardown = "orphan" | "delete";
/** An agent stays when its stack is destroyed: others may be delivered by it still. */
export const DEFAULT_AGENT_TEARDOWN: AgentTeardown = "orphan";

/** An agent that this stack installs and upgrades in place. */
export interface InstalledFlux {
  readonly cluster: ClusterTarget;
  /** @default true */
  readonly install?: true;
  /** Of the distribution, as `"2.9.4"`. */
  readonly version: string;
  readonly manifests: ManifestSource;
  /** @default {@link DEFAULT_FLUX_COMPONENTS} */
  readonly components?: readonly FluxComponent[];
  /**
   * Digest of the image of each component: the published manifests name tags, which can be moved.
   * @default the tags
   * @example { "source-controller": "sha256:…", "kustomize-controller": "sha256:…", "notification-controller": "sha256:…" }
   */
  readonly digests?: Readonly<Partial<Record<FluxComponent, string>>>;
  /**
   * The namespace and the definitions always stay: with a definition all that is of its kind would go, in every stack.
   * @default {@link DEFAULT_AGENT_TEARDOWN}
   */
  readonly teardown?: AgentTeardown;
}

/** An agent that somebody else looks after. It is only looked at. */
export interface ExistingFlux {
  readonly cluster: ClusterTarget;
  readonly install: false;
  /** @default any */
  readonly version?: string;
}

/** Flux in a cluster: installed by this stack, or looked at only. */
export type FluxAgentArgs = InstalledFlux | ExistingFlux;

/**
 * Flux in one cluster, locked down: no stack sees another's source, nothing is applied but as an account of the
 * stack, and the controllers are no administrators of the cluster. What is there already is looked at in every preview.
 *
 * @throws pulumi.ResourceError with every problem of the arguments and of the manifests.
 * @example
 * new FluxAgent("eu", {
 *   cluster: { name: "eu", context: "eu" },
 *   version: "2.9.4",
 *   manifests: { url: "https://github.com/fluxcd/flux2/releases/download/v2.9.4/install.yaml", sha256: "…" },
 * });
 */
export class FluxAgent extends pulumi.ComponentResource {
  constructor(name: string, args: FluxAgentArgs, opts?: pulumi.ComponentResourceOptions) {
    const provider = createClusterProvider(name, args.cluster, { ...opts });
    super("delivery:pull:FluxAgent", name, {}, { ...opts, providers: [provider] });
    assertValid(this, checkFluxAgent(args));
    const manifests = args.install === false ? [] : manifestsOf(args, this);
    const check = createCheck(name, args, manifests, this);
    if (args.install !== false) createAgent(name, { ...args, objects: manifests }, check, this);
    this.registerOutputs();
  }
}

const VERSION = /^\d+\.\d+\.\d+$/;

/** Problems of the arguments; the manifests are not read yet. */
export function checkFluxAgent(args: FluxAgentArgs): string[] {
  const problems = checkClusterTarget(args.cluster);
  if (args.version !== undefined && !VERSION.test(args.version)) {
    problems.push(`version is ${shown(args.version)}; give one as "2.9.4", which never moves`);
  }
  return args.install === false ? problems : [...problems, ...checkInstalled(args)];
}

function checkInstalled(args: InstalledFlux): string[] {
  const { version, manifests, components, digests, teardown = "orphan" } = args;
  const chosen = components ?? DEFAULT_FLUX_COMPONENTS;
  const missing = fluxAgent.required.filter((name) => !chosen.includes(name as FluxComponent));
  return [
    ...(version === undefined ? ['version is missing; give one as "2.9.4"'] : []),
    ...checkManifestSource(manifests),
    ...chosen
      .filter((name) => !FLUX_COMPONENTS.includes(name))
      .map(
        (name) => `components: ${shown(name)} is none of Flux's; name some of ${FLUX_COMPONENTS.join(", ")}`,
      ),
    ...missing.map((name) => `components: ${name} is missing, without which nothing is delivered; add it`),
    ...checkDigests(digests, chosen),
    ...(teardown === "orphan" || teardown === "delete" ? [] : ['teardown must be "orphan" or "delete"']),
  ];
}

const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** All of them or none: one image by its tag would be as good as all of them. */
function checkDigests(digests: InstalledFlux["digests"], chosen: readonly FluxComponent[]): string[] {
  if (digests === undefined) return [];
  const wrong = Object.entries(digests).filter(([, digest]) => !DIGEST.test(String(digest)));
  return [
    ...wrong.map(
      ([name, digest]) => `digests: ${name} has ${shown(digest)}; give "sha256:" and 64 hex digits`,
    ),
    ...chosen
      .filter((name) => digests[name] === undefined)
      .map((name) => `digests has none for ${name}; add it, or leave digests out`),
    ...Object.keys(digests)
      .filter((name) => !chosen.includes(name as FluxComponent))
      .map((name) => `digests has ${shown(name)}, which is not installed; remove it`),
  ];
}

function createCheck(
  name: string,
  args: FluxAgentArgs,
  manifests: readonly Manifest[],
  parent: pulumi.Resource,
): AgentCheck {
  const { cluster, install = true, version = "" } = args;
  const inputs = {
    agent: "flux",
    cluster: cluster.name,
    access: accessOf(cluster),
    installs: install,
    version,
    definitions: definitionsOf(manifests),
  };
  return new AgentCheck(`${name}/agent`, inputs, { parent });
}

function manifestsOf(args: InstalledFlux, component: pulumi.Resource): readonly Manifest[] {
  const { version, components = DEFAULT_FLUX_COMPONENTS, digests } = args;
  return fluxAgent.install({ published: readFlux(args, component), version, components, digests });
}

interface Installing extends Pick<InstalledFlux, "teardown"> {
  readonly objects: readonly Manifest[];
}

/** The definitions first: what is of these kinds comes after them. */
function createAgent(
  name: string,
  { objects, teardown = DEFAULT_AGENT_TEARDOWN }: Installing,
  check: AgentCheck,
  parent: pulumi.Resource,
): void {
  const isFirst = ({ kind }: Manifest): boolean => FIRST.includes(kind);
  let before: pulumi.Resource[] = [check];
  for (const stage of [objects.filter(isFirst), objects.filter((manifest) => !isFirst(manifest))]) {
    before = stage.map((manifest) => {
      const retainOnDelete = teardown === "orphan" || isFirst(manifest);
      return createObject(name, manifest, { parent, dependsOn: [...before], retainOnDelete });
    });
  }
}

const FIRST = ["Namespace", "CustomResourceDefinition"];

function readFlux({ manifests, version }: InstalledFlux, component: pulumi.Resource): Manifest[] {
  try {
    const published = readPublished(manifests);
    const found = publishedVersion(published);
    const other = found !== undefined && found !== version;
    assertValid(
      component,
      other ? [`manifests are of version ${found}, not ${version}; correct one of them`] : [],
    );
    return published;
  } catch (error) {
    if (!(error instanceof Mistake)) throw error;
    assertValid(component, error.problems);
    throw error;
  }
}
