import { app, definePipeline, push, render } from "pulumi-delivery";
import type { Manifest, PipelineDefinition } from "pulumi-delivery";
import { APP, ENVIRONMENTS, servicesOf } from "./services.ts";
import type { EnvironmentName } from "./services.ts";

/** The services as a user of the library has them: one call each, 5 objects each. */
export function pipelineOf(count: number): PipelineDefinition {
  const targets = ENVIRONMENTS.map((name) => [
    name,
    { from: "build", delivery: push(), clusters: [`${name}-1`] },
  ]);
  const images = servicesOf(count, "dev").map(({ name, repository }) => [name, { repository, context: "." }]);
  return definePipeline({
    app: APP,
    source: { paths: ["**"] },
    images: Object.fromEntries(images) as Record<string, { repository: string; context: string }>,
    clusters: Object.fromEntries(ENVIRONMENTS.map((name) => [`${name}-1`, { context: `${name}-1` }])),
    environments: Object.fromEntries(targets) as Parameters<typeof definePipeline>[0]["environments"],
    manifests: ({ environment, images: refs }) =>
      servicesOf(count, environment as EnvironmentName).flatMap(({ name, port, replicas, config }) =>
        app({ name, image: refs[name]!, port, replicas, config, disruption: { maxUnavailable: 1 } }),
      ),
  });
}

/** What an environment's cluster gets of a release, the record last. */
export function renderOf(
  pipeline: PipelineDefinition,
  count: number,
  environment: EnvironmentName,
): readonly Manifest[] {
  const refs = servicesOf(count, environment).map(({ name, repository, digest }) => [
    name,
    `${repository}@${digest}`,
  ]);
  const release = {
    id: `${APP}-0123456789ab`,
    commit: "0".repeat(40),
    sources: "0".repeat(64),
    images: Object.fromEntries(refs) as Record<string, string>,
  };
  return render(pipeline, { release, environment, cluster: `${environment}-1`, config: {} }).objects;
}
