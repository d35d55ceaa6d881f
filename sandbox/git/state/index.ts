export * from "./documents.ts";
export * from "./identities.ts";
export * from "./ids.ts";
export * from "./json.ts";
export * from "./repositories.ts";
export * from "./repository-settings.ts";
export * from "./settings.ts";
export * from "./time.ts";
