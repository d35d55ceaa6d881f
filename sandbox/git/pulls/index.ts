export * from "./lifecycle.ts";
export * from "./merge.ts";
export * from "./store.ts";
