import { DEFAULT_WAVE } from "../push/defaults";
import { resolveRules } from "../push/wave";
import type { EnvironmentArgs, WavePlan } from "./args";

/** The waves of an environment; its `clusters` are one of their own. */
export function wavesOf({ waves, clusters }: EnvironmentArgs): WavePlan[] {
  const named = waves ?? [{ name: DEFAULT_WAVE, clusters: clusters ?? [] }];
  return named.map(({ name, clusters: members, checks, ...rules }) => {
    return { name, clusters: members, ...(checks === undefined ? {} : { checks }), ...resolveRules(rules) };
  });
}
