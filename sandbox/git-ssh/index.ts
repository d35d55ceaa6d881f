export * from "./request.ts";
export * from "./start.ts";
