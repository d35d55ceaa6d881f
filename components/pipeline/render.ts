import { shown } from "../manifests";
import type { Manifest, Placement } from "../manifests";
import { throwIfAny } from "../mistake";
import { renderList } from "../release";
import type { Release, Rendered } from "../release";
import type { Config } from "./args";
import type { PipelineDefinition } from "./define";

/** What a render is of. */
export interface RenderTarget {
  readonly release: Release;
  readonly environment: string;
  readonly cluster: string;
  readonly config: Config;
}

/**
 * What one cluster is told to run by a release: every way of delivery gets this list, with these bytes.
 *
 * @throws Mistake with every problem of every object, or when the environment has no such cluster.
 */
export function render(pipeline: PipelineDefinition, target: RenderTarget): Rendered {
  throwIfAny(`Rendering ${pipeline.app}`, checkTarget(pipeline, target));
  return renderList(manifestsOf(pipeline, target), placementOf(pipeline, target.environment), target.release);
}

function checkTarget({ environments }: PipelineDefinition, { environment, cluster }: RenderTarget): string[] {
  const names = Object.keys(environments);
  if (!names.includes(environment)) {
    return [`environment ${shown(environment)} is none of the pipeline's; name one of ${list(names)}`];
  }
  const members = environments[environment]?.waves.flatMap(({ clusters }) => clusters) ?? [];
  if (members.includes(cluster)) return [];
  const fix = `name one of ${list(members)}`;
  return [`cluster ${shown(cluster)} does not belong to environment ${shown(environment)}; ${fix}`];
}

const list = (names: readonly string[]): string => names.map(shown).join(", ");

/** The objects as the pipeline's function returns them. */
export function manifestsOf(pipeline: PipelineDefinition, target: RenderTarget): readonly Manifest[] {
  const { release, environment, cluster, config } = target;
  return pipeline.manifests({ environment, cluster, images: release.images, config, release });
}

/** Where the objects of an environment go. */
export function placementOf(
  { app, environments, clusterScope }: PipelineDefinition,
  environment: string,
): Placement {
  return { app, namespace: environments[environment]?.namespace ?? app, clusterScope };
}
