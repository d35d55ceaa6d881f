import { isOncePerEnvironment, isSource, resolveManifests, sourcePatterns } from "../manifests";
import type { Manifest, ManifestEntry } from "../manifests";
import { canonicalJson } from "../manifests/canonical";
import { Mistake } from "../mistake";
import { makeRelease } from "../release";
import type { Release } from "../release";
import { hashFiles } from "../source";
import type { Config } from "./args";
import type { PipelineDefinition } from "./define";

/** What manifests are made for. */
export interface ManifestsTarget {
  readonly release: Release;
  readonly environment: string;
  readonly cluster: string;
  readonly config: Config;
  /**
   * The folder that the pipeline's paths begin at: that of `Pulumi.yaml`.
   * @default the working directory
   */
  readonly root?: string;
}

/** Objects of files that were read before in this run, by what they are of. */
export type KnownObjects = Map<string, readonly Manifest[]>;

/**
 * The objects for a cluster: those of the pipeline's function, with files read, the overlays of environment and cluster
 * on them, and the pipeline's transform last. What runs once in an environment is its first cluster's.
 *
 * @throws Mistake with the problems of every file and overlay.
 */
export function manifestsOf(
  pipeline: PipelineDefinition,
  target: ManifestsTarget,
  known: KnownObjects = new Map(),
): readonly Manifest[] {
  const { environment, cluster, release, root = process.cwd() } = target;
  const { app, environments, clusters, transform, kubernetesVersion } = pipeline;
  const { namespace = app, overlay = [] } = environments[environment] ?? {};
  const overlays = [...overlay, ...(clusters[cluster]?.overlay ?? [])];
  const place = { root, namespace, images: release.images, kubernetesVersion, overlays, transform, known };
  const manifests = resolveManifests(entriesOf(pipeline, target), place);
  const first = environments[environment]?.waves.flatMap((wave) => wave.clusters)[0] ?? cluster;
  return first === cluster ? manifests : manifests.filter((manifest) => !isOncePerEnvironment(manifest));
}

function entriesOf(
  pipeline: PipelineDefinition,
  { release, environment, cluster, config }: ManifestsTarget,
): readonly ManifestEntry[] {
  return pipeline.manifests({ environment, cluster, images: release.images, config, release });
}

/**
 * Glob patterns of all that renders a release: `source.pipeline`, and the files that `manifests` names for any cluster
 * of any environment with the pipeline's own settings. A file that is read with other settings only has to be named in
 * `source.pipeline`.
 *
 * @throws Mistake when the function fails, or names what cannot be read.
 */
export function pipelineSources(pipeline: PipelineDefinition, root: string): readonly string[] {
  const { app, source, images, config, environments } = pipeline;
  const refs = Object.entries(images).map(([name, { repository }]) => [name, `${repository}@${NO_DIGEST}`]);
  const content = { commit: "0".repeat(40), sources: "0".repeat(64), images: Object.fromEntries(refs) };
  const release = makeRelease(app, content as Omit<Release, "id">);
  const targets = Object.entries(environments).flatMap(([environment, { waves }]) =>
    waves.flatMap(({ clusters }) => clusters.map((cluster) => ({ release, environment, cluster, config }))),
  );
  const entries = targets.flatMap((target) => askedFor(pipeline, target));
  const sources = new Map(entries.filter(isSource).map((entry) => [canonicalJson(entry), entry]));
  const found = [...sources.values()].flatMap((entry) => sourcePatterns(entry, root));
  return [...new Set([...source.pipeline, ...found])];
}

/** What files are read does not depend on the digests, which are not known before the build. */
const NO_DIGEST = `sha256:${"0".repeat(64)}`;

function askedFor(pipeline: PipelineDefinition, target: ManifestsTarget): readonly ManifestEntry[] {
  try {
    const entries = entriesOf(pipeline, target);
    return Array.isArray(entries) ? entries : [];
  } catch (error) {
    const why = error instanceof Mistake ? error.problems : [String((error as Error).message)];
    const at = `manifests for ${target.environment}, cluster ${target.cluster}`;
    throw new Mistake("Looking for the files that manifests are made of", [
      `${at} failed: ${why.join("; ")}`,
    ]);
  }
}

/**
 * SHA-256 in hex over all that renders a release, in this checkout.
 *
 * @throws Mistake like {@link pipelineSources}, and with every pattern that fits no file.
 */
export function hashSources(pipeline: PipelineDefinition, root: string): string {
  return hashFiles(root, pipelineSources(pipeline, root));
}
