import { groupOf } from "../manifest";
import type { Manifest } from "../manifest";
import { SCHEMA_VERSION } from "./kubernetes";
import { isBuiltInGroup, typeOfKind, versionsOfKind } from "./types";

/** The Kubernetes version that manifests are checked for when nothing is said: that of the built-in schema. */
export const DEFAULT_KUBERNETES_VERSION: KubernetesVersion = SCHEMA_VERSION;
/** As in "1.36". */
export type KubernetesVersion = `1.${number}`;

/**
 * API versions that were taken away, by the minor version of Kubernetes 1 that no longer serves them, and what serves
 * their kinds instead. Source: Kubernetes, "Deprecated API Migration Guide".
 */
const REMOVED: readonly (readonly [
  apiVersion: string,
  kinds: readonly string[],
  minor: number,
  instead: string,
])[] = [
  ["extensions/v1beta1", ["Deployment", "DaemonSet", "ReplicaSet"], 16, "apps/v1"],
  ["extensions/v1beta1", ["NetworkPolicy"], 16, "networking.k8s.io/v1"],
  ["apps/v1beta1", ["Deployment", "StatefulSet"], 16, "apps/v1"],
  ["apps/v1beta2", ["Deployment", "DaemonSet", "ReplicaSet", "StatefulSet"], 16, "apps/v1"],
  ["extensions/v1beta1", ["Ingress"], 22, "networking.k8s.io/v1"],
  ["networking.k8s.io/v1beta1", ["Ingress", "IngressClass"], 22, "networking.k8s.io/v1"],
  [
    "admissionregistration.k8s.io/v1beta1",
    ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"],
    22,
    "admissionregistration.k8s.io/v1",
  ],
  ["apiextensions.k8s.io/v1beta1", ["CustomResourceDefinition"], 22, "apiextensions.k8s.io/v1"],
  ["apiregistration.k8s.io/v1beta1", ["APIService"], 22, "apiregistration.k8s.io/v1"],
  ["certificates.k8s.io/v1beta1", ["CertificateSigningRequest"], 22, "certificates.k8s.io/v1"],
  ["coordination.k8s.io/v1beta1", ["Lease"], 22, "coordination.k8s.io/v1"],
  [
    "rbac.authorization.k8s.io/v1beta1",
    ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"],
    22,
    "rbac.authorization.k8s.io/v1",
  ],
  ["scheduling.k8s.io/v1beta1", ["PriorityClass"], 22, "scheduling.k8s.io/v1"],
  [
    "storage.k8s.io/v1beta1",
    ["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment"],
    22,
    "storage.k8s.io/v1",
  ],
  ["batch/v1beta1", ["CronJob"], 25, "batch/v1"],
  ["discovery.k8s.io/v1beta1", ["EndpointSlice"], 25, "discovery.k8s.io/v1"],
  ["events.k8s.io/v1beta1", ["Event"], 25, "events.k8s.io/v1"],
  ["autoscaling/v2beta1", ["HorizontalPodAutoscaler"], 25, "autoscaling/v2"],
  ["policy/v1beta1", ["PodDisruptionBudget"], 25, "policy/v1"],
  [
    "policy/v1beta1",
    ["PodSecurityPolicy"],
    25,
    "the label pod-security.kubernetes.io/enforce of the namespace",
  ],
  ["node.k8s.io/v1beta1", ["RuntimeClass"], 25, "node.k8s.io/v1"],
  ["autoscaling/v2beta2", ["HorizontalPodAutoscaler"], 26, "autoscaling/v2"],
  [
    "flowcontrol.apiserver.k8s.io/v1beta1",
    ["FlowSchema", "PriorityLevelConfiguration"],
    26,
    "flowcontrol.apiserver.k8s.io/v1",
  ],
  ["storage.k8s.io/v1beta1", ["CSIStorageCapacity"], 27, "storage.k8s.io/v1"],
  [
    "flowcontrol.apiserver.k8s.io/v1beta2",
    ["FlowSchema", "PriorityLevelConfiguration"],
    29,
    "flowcontrol.apiserver.k8s.io/v1",
  ],
  [
    "flowcontrol.apiserver.k8s.io/v1beta3",
    ["FlowSchema", "PriorityLevelConfiguration"],
    32,
    "flowcontrol.apiserver.k8s.io/v1",
  ],
];

/** API versions that served a kind once, in whatever group. */
export function removedVersionsOf(kind: string): string[] {
  return REMOVED.filter(([, kinds]) => kinds.includes(kind)).map(([apiVersion]) => apiVersion);
}

/** Kinds that are served and should not be used any more. Source: the kinds' own descriptions in Kubernetes 1.36. */
const DEPRECATED: Readonly<Record<string, readonly [since: number, instead: string]>> = {
  "v1/ComponentStatus": [19, "the health endpoints of the control plane"],
  "v1/Endpoints": [33, "EndpointSlice of discovery.k8s.io/v1"],
};

const minorOf = (version: KubernetesVersion): number => Number(version.slice(2));

/** Problems of an API version that a Kubernetes version does not serve. A custom kind is left to its definition. */
export function checkServed(title: string, manifest: Manifest, version: KubernetesVersion): string[] {
  const { apiVersion, kind } = manifest;
  const removed = REMOVED.find(([from, kinds]) => from === apiVersion && kinds.includes(kind));
  if (removed !== undefined) {
    const [, , minor, instead] = removed;
    if (minorOf(version) < minor) return [];
    return [`${title}: apiVersion ${apiVersion} was removed in Kubernetes 1.${minor}; use ${instead}`];
  }
  const known = !isBuiltInGroup(groupOf(manifest)) || typeOfKind(apiVersion, kind) !== undefined;
  // Another version may serve what this schema does not have.
  if (known || version !== DEFAULT_KUBERNETES_VERSION) return [];
  const others = versionsOfKind(kind);
  const fix = others.length > 0 ? `use ${others.join(" or ")}` : "correct apiVersion and kind";
  return [`${title}: Kubernetes ${version} serves no ${kind} in apiVersion ${apiVersion}; ${fix}`];
}

/** What still works in a Kubernetes version and will not for ever, one sentence per object: a warning, no problem. */
export function deprecations(manifests: readonly Manifest[], version: KubernetesVersion): string[] {
  return manifests.flatMap(({ apiVersion, kind, metadata }) => {
    const removed = REMOVED.find(([from, kinds]) => from === apiVersion && kinds.includes(kind));
    if (removed !== undefined && minorOf(version) < removed[2]) {
      return [
        `${kind} ${metadata.name}: apiVersion ${apiVersion} is gone from Kubernetes 1.${removed[2]} on; use ${removed[3]}`,
      ];
    }
    const key = `${apiVersion}/${kind}`;
    const [since, instead] = (Object.hasOwn(DEPRECATED, key) ? DEPRECATED[key] : undefined) ?? [];
    if (since === undefined || minorOf(version) < since) return [];
    return [`${kind} ${metadata.name}: ${kind} is deprecated since Kubernetes 1.${since}; use ${instead}`];
  });
}
