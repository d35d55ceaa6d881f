import type * as pulumi from "@pulumi/pulumi";
import { APPLY_STAGES, stageOf } from "../manifests";
import type { Manifest } from "../manifests";
import type { KubernetesObject } from "./object";

/** Of how many objects of a stage each one of the next may wait for; of a larger one it waits for the last. */
export const MAX_AWAITED = 20;

/** Objects in the preview, and what comes after them waits for. */
export interface CreatedStages {
  readonly objects: ReadonlyMap<Manifest, pulumi.Resource>;
  readonly last: readonly pulumi.Resource[];
}

/** Puts one object in the preview, behind others. */
export type CreateStaged = (manifest: Manifest, dependsOn: readonly pulumi.Resource[]) => KubernetesObject;

/** The objects by stage; the order inside a stage stays as declared. */
export function staged(objects: readonly Manifest[]): Manifest[][] {
  return APPLY_STAGES.map((stage) => objects.filter((object) => stageOf(object) === stage));
}

/** Puts stages in the preview, each behind all of the one before it. */
export function createStages(
  create: CreateStaged,
  stages: readonly (readonly Manifest[])[],
  after: readonly pulumi.Resource[],
): CreatedStages {
  const objects = new Map<Manifest, pulumi.Resource>();
  let before = after;
  for (const stage of stages.filter((manifests) => manifests.length > 0)) {
    const closing = isClosed(stage) ? stage.at(-1) : undefined;
    const created = stage
      .filter((manifest) => manifest !== closing)
      .map((manifest) => [manifest, create(manifest, before)] as const);
    for (const [manifest, object] of created) objects.set(manifest, object);
    before = created.map(([, object]) => object);
    if (closing === undefined) continue;
    before = [create(closing, before)];
    objects.set(closing, before[0]!);
  }
  return { objects, last: before };
}

/**
 * Whether the last object of a stage is applied behind the others and stands for all of them. Otherwise every object of
 * the next stage, or the gate, would name every one of this: the engine's work and the state would grow with the square of
 * the list.
 * Jobs take their time, so none waits for another.
 */
function isClosed(stage: readonly Manifest[]): boolean {
  return stage.length > MAX_AWAITED && stage.every((manifest) => stageOf(manifest) !== "jobs");
}
