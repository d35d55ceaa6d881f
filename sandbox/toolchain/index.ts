export { ensureTools, kwokStages } from "./tools.ts";
export type { Tools } from "./tools.ts";
export type { EnsureOptions } from "./ensure.ts";
export type { ToolName } from "./parts.ts";
export { ToolchainError } from "./types.ts";
