import { MANAGED_BY } from "../manifests";
import type { Manifest } from "../manifests";

/** The Pod Security profile that the namespace enforces. Source: Kubernetes, "Pod Security Admission". */
export const POD_SECURITY_PROFILE = "restricted";

/** The namespace that every cluster has. It is nobody's own, so it is left as it is. */
const SHARED_NAMESPACE = "default";

/**
 * The namespace of a delivery, which is no part of the rendered list; none for `default`. It says nothing of the
 * application, so that two applications can share one without changing it in turn.
 */
export function namespaceManifests(namespace: string): Manifest[] {
  if (namespace === SHARED_NAMESPACE) return [];
  const labels = {
    "app.kubernetes.io/managed-by": MANAGED_BY,
    "pod-security.kubernetes.io/enforce": POD_SECURITY_PROFILE,
  };
  return [{ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, labels } }];
}
