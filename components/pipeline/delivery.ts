import * as pulumi from "@pulumi/pulumi";
import { assertValid } from "../problems";
import { PushDelivery } from "../push";
import type { PushWave } from "../push";
import { readRelease } from "../release";
import type { Release } from "../release";
import { hashFiles } from "../source";
import type { PipelineComponentArgs, StackOutputs } from "./component";
import type { PipelineDefinition } from "./define";
import { manifestsOf } from "./render";
import { resolveConfig } from "./settings";

/** The stack of an environment: the release of its file, to its clusters, wave by wave. */
export function createDelivery(
  name: string,
  args: PipelineComponentArgs,
  parent: pulumi.Resource,
): StackOutputs {
  const { pipeline, stack: environment, root } = args;
  const release = readRelease(args.release);
  assertValid(parent, checkSources(release, hashFiles(root, pipeline.source.pipeline)));
  const { app, clusterScope } = pipeline;
  const { namespace, waves } = pipeline.environments[environment]!;
  const config = resolveConfig(pipeline, args);
  const delivery = new PushDelivery(
    name,
    {
      ...{ app, namespace, clusterScope, release },
      waves: waves.map((wave) => ({ ...wave, clusters: targetsOf(pipeline, wave.clusters) })),
      manifests: (cluster) => manifestsOf(pipeline, { release, environment, cluster, config }),
    },
    { parent },
  );
  return { release: pulumi.output(release), record: delivery.record };
}

function targetsOf({ clusters }: PipelineDefinition, names: readonly string[]): PushWave["clusters"] {
  return names.map((name) => ({ name, context: clusters[name]!.context }));
}

/** A release is rendered by the code that it was made from; other code would make another list of it. */
function checkSources({ id, commit, sources }: Release, running: string): string[] {
  if (sources === running) return [];
  const fix = `run it at that commit (git checkout ${commit}), or promote a release that this code has built`;
  return [`release ${id} was made by other pipeline sources than these: ${fix}`];
}
