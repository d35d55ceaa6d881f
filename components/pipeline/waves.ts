import { DEFAULT_MAX_PARALLEL, DEFAULT_WAVE } from "../push/defaults";
import type { EnvironmentArgs, WaveArgs } from "./args";

/** The waves of an environment; its `clusters` are one of their own. */
export function wavesOf({ waves, clusters }: EnvironmentArgs): Required<WaveArgs>[] {
  const named = waves ?? [{ name: DEFAULT_WAVE, clusters: clusters ?? [] }];
  return named.map(({ name, clusters: members, maxParallel }) => {
    return { name, clusters: members, maxParallel: maxParallel ?? DEFAULT_MAX_PARALLEL };
  });
}
