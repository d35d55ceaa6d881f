export * from "./lifetime.ts";
export * from "./serve.ts";
