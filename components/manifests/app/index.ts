export { app } from "./app";
export { DEFAULT_HEALTH_PATH, DEFAULT_REPLICAS, DEFAULT_RESOURCES, DEFAULT_USER } from "./args";
export type { AppArgs, Resources } from "./args";
export { CONFIG_HASH_ANNOTATION, REVISION_HISTORY_LIMIT } from "./deployment";
