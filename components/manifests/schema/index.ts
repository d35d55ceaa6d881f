export { checkBuiltIn } from "./built-in";
export { checkCustom, customSchemas } from "./custom";
export type { CustomSchemas } from "./custom";
export { checkServed, DEFAULT_KUBERNETES_VERSION, deprecations } from "./versions";
export { siblingVersions } from "./siblings";
export { isBuiltInGroup } from "./types";
export type { KubernetesVersion } from "./versions";
