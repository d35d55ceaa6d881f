import type { PipelineDefinition } from "./define";

/** The clusters of environments that agents deliver to, each once. */
export function pulledClusterNames({
  environments,
}: Pick<PipelineDefinition, "environments">): readonly string[] {
  const pulled = Object.values(environments).filter(({ delivery }) => delivery.mode === "flux");
  return [...new Set(pulled.flatMap(({ waves }) => waves.flatMap((wave) => wave.clusters)))];
}
