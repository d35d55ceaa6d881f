export * from "./backend.ts";
export * from "./cgi.ts";
export * from "./route.ts";
export * from "./serve.ts";
