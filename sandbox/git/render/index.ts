export * from "./commits.ts";
export * from "./protection.ts";
export * from "./pulls.ts";
export * from "./repositories.ts";
export * from "./settings.ts";
export * from "./users.ts";
