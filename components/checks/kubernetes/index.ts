export { DEFAULT_CONDITION_STATUS, kubernetesKind } from "./kubernetes";
export type { Kubernetes, KubernetesArgs } from "./kubernetes";
