import * as pulumi from "@pulumi/pulumi";
import type { Builder } from "../image";
import { assertValid } from "../problems";
import type { DeliveredRecord } from "../push";
import type { Release } from "../release";
import { lastCommit } from "../source";
import { isCutBehind } from "../source/clone";
import { BUILD_STACK } from "./args";
import { createBuild } from "./build";
import type { PipelineDefinition } from "./define";
import { createDelivery } from "./delivery";
import { pipelineSources } from "./manifests";
import { checkStack } from "./check-stack";
import { withLedger } from "./ledger";
import type { StackSettings } from "./settings";

/** A pipeline, and the stack of it that this program is run for. */
export interface PipelineComponentArgs extends StackSettings {
  readonly pipeline: PipelineDefinition;
  /** The folder that the pipeline's paths begin at: that of `Pulumi.yaml`. */
  readonly root: string;
  /**
   * Where images are pushed to in place of the host in their `repository`, as `127.0.0.1:5000`.
   * @default the host that each repository names
   */
  readonly registry?: string;
  /**
   * Who builds the images.
   * @default the Docker Engine
   */
  readonly builder?: Builder;
  /**
   * The stack's secret configuration by full name, as `delivery:gitToken`: where the pipeline has `{ config: "…" }`.
   * @default none
   */
  readonly secret?: (name: string) => string | undefined;
}

/** What a stack of a pipeline declares. */
export interface StackOutputs {
  /** The release that was built, or is delivered. */
  readonly release: pulumi.Output<Release>;
  /** What runs where, by cluster; empty for `build`. */
  readonly record: pulumi.Output<Readonly<Record<string, DeliveredRecord>>>;
}

/**
 * What one stack of a pipeline does: `build` builds the images and says which release they make; every other one
 * delivers the release that its file names, and never builds.
 *
 * @throws pulumi.ResourceError with every problem of the stack's settings, before anything is declared.
 */
export class Pipeline extends pulumi.ComponentResource implements StackOutputs {
  public readonly release: StackOutputs["release"];
  public readonly record: StackOutputs["record"];

  constructor(name: string, args: PipelineComponentArgs, opts?: pulumi.ComponentResourceOptions) {
    super("delivery:pipeline:Pipeline", name, {}, opts);
    assertValid(this, checkStack(args));
    warnOfShortHistory(args, this);
    const create = args.stack === BUILD_STACK ? createBuild : createDelivery;
    const settled = { ...args, pipeline: withLedger(args.pipeline, args.ledger) };
    const { release, record } = create(name, settled, this);
    this.release = release;
    this.record = record;
    this.registerOutputs({ release, record });
  }
}

/** What touched the sources last cannot be told where the history was cut. */
function warnOfShortHistory(
  { pipeline, stack, root }: PipelineComponentArgs,
  resource: pulumi.Resource,
): void {
  if (stack !== BUILD_STACK) return;
  const { source } = pipeline;
  const commit = lastCommit(root, [...source.paths, ...pipelineSources(pipeline, root)]);
  if (!isCutBehind(root, commit)) return;
  const text =
    `The release names commit ${commit}, the oldest one of this shallow clone: an older one may have made these ` +
    "sources. Get the history with git fetch --unshallow; in GitHub Actions, give actions/checkout fetch-depth: 0.";
  void pulumi.log.warn(text, resource);
}
