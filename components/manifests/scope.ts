import { groupOf } from "./manifest";
import type { Manifest } from "./manifest";

/**
 * Built-in kinds that live in no namespace, by API group.
 * Source: `kubectl api-resources --namespaced=false` on Kubernetes 1.36.
 */
const CLUSTER_SCOPED: Readonly<Record<string, readonly string[]>> = {
  "": ["Namespace", "Node", "PersistentVolume", "ComponentStatus"],
  "admissionregistration.k8s.io": [
    "MutatingAdmissionPolicy",
    "MutatingAdmissionPolicyBinding",
    "MutatingWebhookConfiguration",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
    "ValidatingWebhookConfiguration",
  ],
  "apiextensions.k8s.io": ["CustomResourceDefinition"],
  "apiregistration.k8s.io": ["APIService"],
  "certificates.k8s.io": ["CertificateSigningRequest", "ClusterTrustBundle"],
  "flowcontrol.apiserver.k8s.io": ["FlowSchema", "PriorityLevelConfiguration"],
  "networking.k8s.io": ["IngressClass", "IPAddress", "ServiceCIDR"],
  "node.k8s.io": ["RuntimeClass"],
  "rbac.authorization.k8s.io": ["ClusterRole", "ClusterRoleBinding"],
  "resource.k8s.io": ["DeviceClass", "DeviceTaintRule", "ResourceSlice"],
  "scheduling.k8s.io": ["PriorityClass"],
  "storage.k8s.io": ["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment", "VolumeAttributesClass"],
  "storagemigration.k8s.io": ["StorageVersionMigration"],
};

/** Built-in API groups whose kinds all live in a namespace. */
const NAMESPACED = ["apps", "autoscaling", "batch", "coordination.k8s.io", "discovery.k8s.io", "policy"];

type Typed = Pick<Manifest, "apiVersion" | "kind">;

/** Whether a built-in kind lives in no namespace. A custom kind counts as namespaced unless `clusterScope` names it. */
export function isClusterScoped(manifest: Typed): boolean {
  const group = groupOf(manifest);
  return Object.hasOwn(CLUSTER_SCOPED, group) && (CLUSTER_SCOPED[group] ?? []).includes(manifest.kind);
}

/**
 * Whether an object gets no namespace, by its built-in kind or because `clusterScope` names its custom kind.
 * A built-in kind that lives in a namespace stays in it whatever `clusterScope` says: without one it would go to
 * the namespace `default`.
 */
export function hasNoNamespace(manifest: Typed, clusterScope: readonly string[]): boolean {
  const group = groupOf(manifest);
  const builtIn = Object.hasOwn(CLUSTER_SCOPED, group) || NAMESPACED.includes(group);
  return isClusterScoped(manifest) || (!builtIn && clusterScope.includes(manifest.kind));
}
