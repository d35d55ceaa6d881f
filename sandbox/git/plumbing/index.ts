export * from "./commits.ts";
export * from "./git.ts";
export * from "./refs.ts";
export * from "./trees.ts";
