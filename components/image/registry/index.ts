export * from "./address";
export * from "./client";
export * from "./credentials";
export * from "./http";
export * from "./retry";
export { registryStore } from "./store";
export type { RegistryStore, StoredManifest } from "./store";
