import type { PipelineDefinition } from "../pipeline/define";
import type { EnvironmentPlace } from "./environment";

/** Where the facts of each environment of a pipeline are found, in the pipeline's order. */
export function placesOf(
  { app, environments, ledger }: PipelineDefinition,
  stackFile: (stack: string) => string,
): EnvironmentPlace[] {
  return Object.entries(environments).map(([name, { from, waves }]) => {
    const clusters = waves.flatMap((wave) => wave.clusters);
    return { app, name, from, clusters, file: stackFile(name), ledger };
  });
}
