import { startService, stopService } from "../processes/index.ts";
import type { ServiceSpec } from "../processes/index.ts";
import { readIfThere, writePrivate } from "./files.ts";

/** A service that reads its settings when it starts. */
export interface Configured extends ServiceSpec {
  readonly config: { readonly path: string; readonly content: string };
}

/** Starts the service; one that runs with another configuration is stopped first, one with the same is kept. */
export async function startConfigured(dir: string, { config, ...spec }: Configured): Promise<void> {
  if (readIfThere(config.path) !== config.content) await stopService(dir, spec.name);
  writePrivate(config.path, config.content);
  await startService(dir, spec);
}
