import type { Release } from "../release";
import type { PipelineDefinition } from "./define";
import { isMadeHere } from "./render";
import { checkSettings } from "./settings";
import type { StackSettings } from "./settings";

/** A stack of a pipeline as its file has it. */
export interface StackOfPipeline extends StackSettings {
  readonly pipeline: PipelineDefinition;
  /** The folder that the pipeline's paths begin at: that of `Pulumi.yaml`. */
  readonly root: string;
}

/** Every problem of a stack's file, for a release of whatever code. */
export function checkStack(stack: StackOfPipeline): string[] {
  return checkSettings(judging(stack), stack);
}

/**
 * The pipeline that a stack's settings have to fit. A release that other code has made may have other images than the
 * pipeline has now; that code checks them.
 */
function judging({ pipeline, release, root }: StackOfPipeline): PipelineDefinition {
  const { sources, images } = (release ?? {}) as Partial<Release>;
  const isMalformed = typeof images !== "object" || images === null || typeof sources !== "string";
  if (isMalformed || isMadeHere(pipeline, root, { sources })) return pipeline;
  return { ...pipeline, images: images as unknown as PipelineDefinition["images"] };
}
