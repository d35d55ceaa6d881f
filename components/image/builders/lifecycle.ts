import { randomUUID } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";

/**
 * How a resource that builds is registered. Its image is never deleted from the registry: older releases run it, and
 * the engine takes that from the state, so it has to be there from the first build on. And it always builds, since it
 * is declared only when the registry lacks the image: without the trigger the engine would leave alone one whose inputs
 * are as before, though its image is gone.
 */
export function buildOptions(opts: pulumi.CustomResourceOptions): pulumi.CustomResourceOptions {
  return pulumi.mergeOptions(opts, { retainOnDelete: true, replacementTrigger: randomUUID() });
}

/** The inputs as they are: what a builder does when it is given no `transform`. */
export const keep = <Inputs>(inputs: Inputs): Inputs => inputs;
