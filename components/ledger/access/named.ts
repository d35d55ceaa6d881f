import type { GitAccess } from "./args";
import type { SecretPlaces } from "./secrets";

/**
 * The secrets of a stack's configuration that an access names, for a process of the library. They go through a pipe: not
 * on a command line and not into the environment.
 *
 * @internal
 */
export function secretsOf(
  access: GitAccess | undefined,
  config: SecretPlaces["config"],
): Record<string, string> {
  const sources = Object.values(access ?? {}).filter((value) => typeof value === "object");
  const names = sources.flatMap(({ config: name }) => (name === undefined ? [] : [name]));
  const found = names.map((name) => [name, config?.(name)] as const);
  return Object.fromEntries(found.filter((pair): pair is readonly [string, string] => pair[1] !== undefined));
}
