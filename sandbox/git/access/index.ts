export * from "./credentials.ts";
export * from "./permissions.ts";
export * from "./web-token.ts";
