import * as pulumi from "@pulumi/pulumi";
import { Mistake } from "../mistake";
import { assertValid } from "../problems";
import { PushDelivery } from "../push";
import type { PushDeliveryArgs, PushWave } from "../push";
import { readRelease, settingsHash } from "../release";
import type { Release, RenderedLists } from "../release";
import { ledgerBranch } from "./args";
import type { PipelineComponentArgs, StackOutputs } from "./component";
import type { PipelineDefinition } from "./define";
import { isMadeHere, manifestsOf, placementOf, renderEnvironment } from "./render";
import { resolveConfig } from "./settings";

/** The stack of an environment: the release of its file, to its clusters, wave by wave. */
export function createDelivery(
  name: string,
  args: PipelineComponentArgs,
  parent: pulumi.Resource,
): StackOutputs {
  const { pipeline, stack: environment, root } = args;
  const release = readRelease(args.release);
  const content = isMadeHere(pipeline, root, release)
    ? ownContent(args, release)
    : olderContent(olderLists(args, release, parent));
  const { waves } = pipeline.environments[environment]!;
  const delivery = new PushDelivery(
    name,
    {
      ...{ app: pipeline.app, release, settings: settingsHash(args.config) },
      waves: waves.map((wave) => ({ ...wave, clusters: targetsOf(pipeline, wave.clusters) })),
      ...content,
      ...recordedIn(pipeline, environment),
    },
    { parent },
  );
  return { release: pulumi.output(release), record: delivery.record };
}

/** With a ledger, every wave is published to the environment's branch before it is applied. */
function recordedIn(
  { app, ledger }: PipelineDefinition,
  environment: string,
): Pick<PushDeliveryArgs, "ledger"> {
  return ledger === undefined ? {} : { ledger: { ...ledger, branch: ledgerBranch(app, environment) } };
}

function targetsOf({ clusters }: PipelineDefinition, names: readonly string[]): PushWave["clusters"] {
  return names.map((name) => ({ name, context: clusters[name]!.context }));
}

/** What is delivered, and where it goes in a cluster. */
type Content = Pick<
  PushDeliveryArgs,
  "manifests" | "namespace" | "clusterScope" | "kubernetesVersion" | "checks"
>;

function ownContent(args: PipelineComponentArgs, release: Release): Content {
  const { pipeline, stack: environment } = args;
  const { namespace, clusterScope } = placementOf(pipeline, environment);
  const { kubernetesVersion } = pipeline;
  const config = resolveConfig(pipeline, args);
  const manifests = (cluster: string): ReturnType<typeof manifestsOf> =>
    manifestsOf(pipeline, { release, environment, cluster, config });
  return { manifests, namespace, clusterScope, kubernetesVersion };
}

/** All of it as the release has it, which may differ from what the running code says now. */
function olderContent(lists: RenderedLists): Content {
  const objects = [...lists.values()].flatMap((list) => list.objects);
  const unplaced = objects.filter(({ metadata }) => metadata.namespace === undefined);
  return {
    // The last object is the record, which every way of delivery makes by itself.
    manifests: (cluster) => lists.get(cluster)!.objects.slice(0, -1),
    namespace: objects.at(-1)!.metadata.namespace!,
    clusterScope: [...new Set(unplaced.map(({ kind }) => kind))],
    checks: "sink",
  };
}

/** Known before anything is declared, so the preview of an older release is as complete as any other. */
function olderLists(args: PipelineComponentArgs, release: Release, parent: pulumi.Resource): RenderedLists {
  const { pipeline, stack: environment, root, config: settings, secret } = args;
  const target = { root, release, environment, settings };
  try {
    return renderEnvironment(pipeline, secret === undefined ? target : { ...target, secret });
  } catch (error) {
    if (!(error instanceof Mistake)) throw error;
    assertValid(parent, [whyNot(release, error.problems)]);
    throw error;
  }
}

function whyNot({ id, commit }: Release, reasons: readonly string[]): string {
  return [
    `release ${id} was made by other pipeline sources than these, and its own could not render it:`,
    ...reasons.map((reason) => `- ${reason}`),
    `else run it at that commit (git checkout ${commit}), or promote a release that this code has built`,
  ].join("\n");
}
