export * from "./ports.ts";
export * from "./records.ts";
export * from "./run.ts";
export * from "./services.ts";
export * from "./wait.ts";
