import { pipelineOf, renderOf } from "./pipeline.ts";
import type { EnvironmentName } from "./services.ts";

/** The objects of each environment as our render makes them, without the record of the release: that is ours alone. */
export function listsOf(
  services: number,
  environments: readonly EnvironmentName[],
): Record<string, readonly object[]> {
  const pipeline = pipelineOf(services);
  const lists = environments.map((name) => [
    name,
    renderOf(pipeline, services, name).filter((object) => !isRecord(object)),
  ]);
  return Object.fromEntries(lists) as Record<string, readonly object[]>;
}

export function isRecord(object: object): boolean {
  return (object as { metadata: { name: string } }).metadata.name === "shop-release";
}
