import type * as pulumi from "@pulumi/pulumi";
import { tiedError } from "../problems";

/**
 * Ends the program with an error once everything that it has declared is done, well or not. The engine deletes nothing
 * of what a program with an error did not declare, with `--continue-on-error` neither, so what was left out stays.
 */
export function failAfter(
  declared: readonly pulumi.Resource[],
  text: string,
  component: pulumi.Resource,
): void {
  void Promise.allSettled(declared.map(settled)).then(() => {
    throw tiedError(component, text);
  });
}

/** Ends when the engine has answered for the resource. */
async function settled({ urn }: pulumi.Resource): Promise<unknown> {
  return (urn as unknown as { promise(): Promise<unknown> }).promise();
}
