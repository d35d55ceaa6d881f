export * from "./buildkit";
export * from "./contract";
export * from "./docker";
export * from "./prebuilt";
