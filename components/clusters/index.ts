export { CLIENT_RATE, CLIENT_TIMEOUT_SECONDS, createClusterProvider, kubernetesVersion } from "./provider";
export { readKubeconfigs } from "./files";
export { checkKubeconfig } from "./kubeconfig";
export type { InlineRules } from "./kubeconfig";
export { checkClusterLabels, checkSelector, selectClusters } from "./select";
export type { ClusterLabels, ClusterSelector, Labelled } from "./select";
export { checkClusterTarget } from "./target";
export type { ClusterByContext, ClusterByKubeconfig, ClusterTarget } from "./target";
