import { ledgerBranch } from "../ledger";
import { shown } from "../manifests";
import type { ListPlace } from "../manifests";
import { manifestFiles } from "../manifests/files";
import { throwIfAny } from "../mistake";
import { checkRelease, renderList, renderOlderSync } from "../release";
import type {
  OlderRelease,
  Release,
  ReleaseFiles,
  ReleaseRequest,
  Rendered,
  RenderedList,
  RenderedLists,
} from "../release";
import type { Config } from "./args";
import type { PipelineDefinition } from "./define";
import { hashSources, manifestsOf } from "./manifests";
import type { KnownObjects } from "./manifests";
import { resolveConfig } from "./settings";

/** What a render is of. */
export interface RenderTarget {
  readonly release: Release;
  readonly environment: string;
  readonly cluster: string;
  readonly config: Config;
  /**
   * `delivery:config` as the stack's file has it: the record keeps a hash of it.
   * @default the environment has none
   */
  readonly settings?: unknown;
  /**
   * The folder that the pipeline's paths begin at: that of `Pulumi.yaml`.
   * @default the working directory
   */
  readonly root?: string;
}

/**
 * What one cluster is told to run by a release: every way of delivery gets this list, with these bytes.
 *
 * @throws Mistake with every problem of every object, or when the environment has no such cluster.
 */
export function render(
  pipeline: PipelineDefinition,
  target: RenderTarget,
  known: KnownObjects = new Map(),
): Rendered {
  throwIfAny(`Rendering ${pipeline.app}`, checkTarget(pipeline, target));
  const place = placementOf(pipeline, target.environment);
  return renderList(manifestsOf(pipeline, target, known), place, target.release, target.settings);
}

function checkTarget(pipeline: PipelineDefinition, { environment, cluster }: RenderTarget): string[] {
  const problems = checkEnvironment(pipeline, environment);
  if (problems.length > 0) return problems;
  const members = clustersOf(pipeline, environment);
  if (members.includes(cluster)) return [];
  const fix = `name one of ${list(members)}`;
  return [`cluster ${shown(cluster)} does not belong to environment ${shown(environment)}; ${fix}`];
}

function checkEnvironment({ environments }: PipelineDefinition, environment: string): string[] {
  const names = Object.keys(environments);
  if (names.includes(environment)) return [];
  return [`environment ${shown(environment)} is none of the pipeline's; name one of ${list(names)}`];
}

const list = (names: readonly string[]): string => names.map(shown).join(", ");

/** Where the objects of an environment go, and what they are checked for. */
export function placementOf(pipeline: PipelineDefinition, environment: string): ListPlace {
  const { app, environments, clusterScope, kubernetesVersion, ledger } = pipeline;
  const namespace = environments[environment]?.namespace ?? app;
  return { app, namespace, clusterScope, kubernetesVersion, published: ledger !== undefined };
}

/** What a render of a whole environment is of. */
export interface EnvironmentTarget {
  /** The folder that the pipeline's paths begin at: that of `Pulumi.yaml`. */
  readonly root: string;
  readonly release: Release;
  readonly environment: string;
  /** `delivery:config`, as the environment's file has it. @default none */
  readonly settings?: unknown;
  /** The stack's secret configuration by full name, where the ledger's access names some. @default none */
  readonly secret?: (name: string) => string | undefined;
}

/**
 * What each cluster of an environment is told to run by a release, whichever code has made it: the running code
 * renders its own; a release of other code has the bytes of the ledger, else what the code at its commit renders.
 *
 * @throws Mistake when the release cannot be rendered, with the reasons. Nothing is changed then.
 */
export function renderEnvironment(pipeline: PipelineDefinition, target: EnvironmentTarget): RenderedLists {
  const { root, release, environment, settings } = target;
  throwIfAny(`Rendering ${pipeline.app}`, checkEnvironment(pipeline, environment));
  if (!isMadeHere(pipeline, root, release)) {
    return renderOlderSync(olderRelease(pipeline, target), target.secret);
  }
  const config = resolveConfig(pipeline, { stack: environment, config: settings });
  const known: KnownObjects = new Map();
  const lists = clustersOf(pipeline, environment).map((cluster): [string, RenderedList] => {
    const list = render(pipeline, { root, release, environment, cluster, config, settings }, known);
    return [cluster, { ...list, by: "running code" }];
  });
  return new Map(lists);
}

/** Whether the running code is the one that the release was made by. */
export function isMadeHere(
  pipeline: PipelineDefinition,
  root: string,
  { sources }: Pick<Release, "sources">,
): boolean {
  return hashSources(pipeline, root) === sources;
}

function olderRelease(
  pipeline: PipelineDefinition,
  { root, release, environment, settings }: EnvironmentTarget,
): OlderRelease {
  const { app, ledger } = pipeline;
  const { namespace } = placementOf(pipeline, environment);
  const clusters = clustersOf(pipeline, environment);
  const request = { root, app, release, environment, clusters, namespace, settings };
  return ledger === undefined
    ? request
    : { ...request, ledger: { ...ledger, branch: ledgerBranch(app, environment) } };
}

function clustersOf({ environments }: PipelineDefinition, environment: string): readonly string[] {
  return environments[environment]?.waves.flatMap(({ clusters }) => clusters) ?? [];
}

/**
 * Renders a release by the code that has made it. Another version of the library calls it, in the checkout of that
 * code: name, arguments and result are a compatibility promise.
 *
 * @throws Mistake when the release does not fit the code, or with every problem of what it renders.
 */
export function renderRelease(pipeline: PipelineDefinition, request: ReleaseRequest): ReleaseFiles {
  const { release, environment, clusters, settings } = request;
  throwIfAny(`Release ${release.id} at commit ${release.commit}`, checkOwn(pipeline, request));
  const { known, unknown } = splitSettings(pipeline.config, settings);
  const config = { ...pipeline.config, ...known };
  const { namespace = request.namespace } = pipeline.environments[environment] ?? {};
  // It was checked when it was made; a rule that came later must not stand in the way back.
  const place = { ...placementOf(pipeline, environment), namespace, checks: "sink" } as const;
  const read: KnownObjects = new Map();
  const files = clusters.map((cluster) => {
    const target = { root: request.root, release, environment, cluster, config };
    const manifests = manifestsOf(pipeline, target, read);
    const { objects } = renderList(manifests, place, release, settings);
    return [cluster, Object.fromEntries(manifestFiles(objects))] as const;
  });
  const notes = unknown.map((name) => `it has no setting ${shown(name)}, so that is left out`);
  return { files: Object.fromEntries(files), notes };
}

function checkOwn(pipeline: PipelineDefinition, { root, release, settings }: ReleaseRequest): string[] {
  const { app, images, config } = pipeline;
  const { wrong } = splitSettings(config, settings);
  const isOwn = hashSources(pipeline, root) === release.sources;
  const fix = "they were not committed when it was built; promote a release of committed sources";
  return [
    ...checkRelease("delivery:release", release, { app, images: Object.keys(images) }),
    ...(isOwn ? [] : [`the pipeline's sources at its commit are not those it was made from: ${fix}`]),
    ...wrong.map((name) => `delivery:config.${name} has to be a ${typeof config[name]} there; correct it`),
  ];
}

/** Names of settings that the code has, has with another type, and does not have: it may be older than they are. */
function splitSettings(
  config: Config,
  settings: unknown,
): { readonly known: Config; readonly wrong: readonly string[]; readonly unknown: readonly string[] } {
  const given = Object.entries((settings ?? {}) as Config);
  const own = given.filter(([name]) => Object.hasOwn(config, name));
  const fits = ([name, value]: readonly [string, unknown]): boolean => typeof value === typeof config[name];
  return {
    known: Object.fromEntries(own.filter(fits)),
    wrong: own.filter((entry) => !fits(entry)).map(([name]) => name),
    unknown: given.filter((entry) => !own.includes(entry)).map(([name]) => name),
  };
}
