export { FLUX_CONTROLLERS, FLUX_VERSION } from "./flux-parts.ts";
export type { FluxController } from "./flux-parts.ts";
export { ensureTools, fluxManifests, kwokStages } from "./tools.ts";
export type { Tools } from "./tools.ts";
export type { EnsureOptions } from "./ensure.ts";
export type { ToolName } from "./parts.ts";
export { ToolchainError } from "./types.ts";
