import { existsSync } from "node:fs";
import { fileTargets, filesFolder } from "./cache.ts";
import { ensureParts } from "./ensure.ts";
import type { EnsureOptions } from "./ensure.ts";
import { FLUX_PARTS } from "./flux-parts.ts";
import type { FluxController } from "./flux-parts.ts";
import { GO_PARTS } from "./go-parts.ts";
import { PARTS } from "./parts.ts";
import type { ToolName } from "./parts.ts";
import { ToolchainError } from "./types.ts";

/** Absolute path of each tool. */
export type Tools<N extends ToolName = ToolName> = Readonly<Record<N, string>>;

/**
 * Makes sure of the named tools: takes each from `DELIVERY_TOOLS_PATH` or `PATH` when one there fits,
 * else from the cache, and makes what is missing, which may take half an hour the first time.
 *
 * @throws ToolchainError when the machine lacks something (before anything is started), or a part could not be made
 */
export async function ensureTools<N extends ToolName>(
  names: readonly N[],
  options?: EnsureOptions,
): Promise<Tools<N>> {
  const paths = await ensureParts(PARTS, names, options);
  return Object.fromEntries(names.map((name) => [name, paths[name]])) as unknown as Tools<N>;
}

/** The stage files that KWOK must be started with, one `--config` each: it has none compiled in. */
export function kwokStages(): string[] {
  const paths = GO_PARTS.filter((part) => part.name === "kwok").flatMap((part) => fileTargets(part));
  if (paths.every((path) => existsSync(path))) return paths;
  throw new ToolchainError(`KWOK's stage files are not in the cache. Call ensureTools(["kwok"]) first.`);
}

/**
 * A folder with the install manifests of each of these Flux controllers, the files of a module below the module's path:
 * `kubectl kustomize` makes the published ones of them.
 */
export function fluxManifests(names: readonly FluxController[]): Readonly<Record<string, string>> {
  const parts = FLUX_PARTS.filter(({ name }) => names.includes(name));
  if (parts.flatMap((part) => fileTargets(part)).every((path) => existsSync(path)))
    return Object.fromEntries(parts.map((part) => [part.name, filesFolder(part)]));
  throw new ToolchainError(
    "Flux's manifests are not in the cache. Call ensureTools() with their names first.",
  );
}
