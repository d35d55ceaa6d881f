import * as pulumi from "@pulumi/pulumi";
import { ledgerBranch } from "../ledger";
import { Mistake } from "../mistake";
import { assertValid } from "../problems";
import { PullDelivery } from "../pull";
import { PushDelivery } from "../push";
import type { PushDeliveryArgs, PushWave } from "../push";
import { readRelease, settingsHash } from "../release";
import type { Release, RenderedLists } from "../release";
import type { DeliveryMode, WavePlan } from "./args";
import type { PipelineComponentArgs, StackOutputs } from "./component";
import { isToldByAgents, resolveFlux } from "./flux";
import type { FluxDelivery, FluxMode } from "./flux";
import { judgeDelivery } from "./judge";
import { ledgerOf } from "./ledger";
import { isGoingBack } from "./way-back";
import { manifestsOf } from "./manifests";
import type { KnownObjects } from "./manifests";
import { readPullSecrets } from "./pull-secrets";
import { isMadeHere, placementOf, renderEnvironment } from "./render";
import { secretReader } from "./secrets";
import { consentsOf, standingOf, targetOf } from "./standing";
import { overrideReason, resolveConfig } from "./settings";

/** The stack of an environment: the release of its file, to its clusters, wave by wave. */
export function createDelivery(
  name: string,
  args: PipelineComponentArgs,
  parent: pulumi.Resource,
): StackOutputs {
  const { pipeline, stack: environment, root } = args;
  const release = readRelease(args.release);
  judgeDelivery(args, release, parent);
  const content = isMadeHere(pipeline, root, release)
    ? ownContent(args, release)
    : olderContent(olderLists(args, release, parent));
  const { waves, delivery: mode, onUnreachable } = pipeline.environments[environment]!;
  const delivery = {
    ...{ app: pipeline.app, release, settings: settingsHash(args.config) },
    override: overrideReason(args, release.id),
    isWayBack: () => isGoingBack(args, release, parent),
    waves: waves.map((wave) => waveOf(args, release, wave)),
    ...{ onUnreachable, secret: args.secret },
    ...content,
    pullSecrets: mode.mode === "flux" && isToldByAgents(mode) ? [] : readPullSecrets(args, parent),
    ...recordedIn(args),
  };
  return { release: pulumi.output(release), record: deliver(name, delivery, { mode, args }, parent) };
}

interface Delivering {
  readonly mode: DeliveryMode;
  readonly args: PipelineComponentArgs;
}

/** What is delivered is the same in every mode; who applies it is the difference. */
function deliver(
  name: string,
  delivery: PushDeliveryArgs,
  { mode, args }: Delivering,
  parent: pulumi.Resource,
): StackOutputs["record"] {
  switch (mode.mode) {
    case "push":
      return new PushDelivery(
        name,
        { ...delivery, force: mode.force ?? [], ...standingOf(args.pipeline, args) },
        { parent },
      ).record;
    case "flux": {
      const { pins, retired, rebuilt } = standingOf(args.pipeline, args);
      const standing = { pins: pins ?? {}, retired: retired ?? [], rebuilt: rebuilt ?? [] };
      const pull = {
        ...delivery,
        ...standing,
        ledger: delivery.ledger!,
        ...fluxSettings(mode, args, parent),
      };
      return new PullDelivery(name, pull, { parent }).record;
    }
    default:
      return mode satisfies never;
  }
}

/** The secrets of the agents are looked up now, so that a missing one fails the preview. */
function fluxSettings(mode: FluxMode, args: PipelineComponentArgs, parent: pulumi.Resource): FluxDelivery {
  const { read, problems } = secretReader(args);
  const settings = resolveFlux(mode, read);
  assertValid(parent, problems);
  return settings;
}

/** With a ledger, every wave is published to the environment's branch before it is applied. */
function recordedIn(args: PipelineComponentArgs): Pick<PushDeliveryArgs, "ledger"> {
  const { pipeline, stack } = args;
  const ledger = ledgerOf(pipeline, stack);
  if (ledger === undefined) return {};
  return { ledger: { ...ledger, branch: ledgerBranch(pipeline.app, stack), ...consentsOf(args) } };
}

/** The running code says what is looked at, whichever code has made the release. */
function waveOf(args: PipelineComponentArgs, release: Release, { checks, ...wave }: WavePlan): PushWave {
  const { pipeline, stack: environment } = args;
  const clusters = wave.clusters.map((name) => targetOf(pipeline.clusters, name));
  if (typeof checks !== "function") return { ...wave, clusters, ...(checks === undefined ? {} : { checks }) };
  const config = resolveConfig(pipeline, args);
  const of = (cluster: string): ReturnType<typeof checks> =>
    checks({ environment, cluster, images: release.images, config, release });
  return { ...wave, clusters, checks: of };
}

/** What is delivered, and where it goes in a cluster. */
type Content = Pick<
  PushDeliveryArgs,
  "manifests" | "namespace" | "clusterScope" | "kubernetesVersion" | "manifestChecks"
>;

function ownContent(args: PipelineComponentArgs, release: Release): Content {
  const { pipeline, stack: environment, root } = args;
  const { namespace, clusterScope } = placementOf(pipeline, environment);
  const { kubernetesVersion } = pipeline;
  const config = resolveConfig(pipeline, args);
  const known: KnownObjects = new Map();
  const manifests = (cluster: string): ReturnType<typeof manifestsOf> =>
    manifestsOf(pipeline, { root, release, environment, cluster, config }, known);
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
    manifestChecks: "sink",
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
