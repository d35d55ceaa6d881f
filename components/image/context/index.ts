export * from "./read";
export * from "./files";
export * from "./hash";
