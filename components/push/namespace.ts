import { MANAGED_BY } from "../manifests";
import type { Manifest, PodSecurityLevel } from "../manifests";

/**
 * The Pod Security profile that the namespace enforces, unless an object says why its pods need more.
 * Source: Kubernetes, "Pod Security Admission".
 */
export const POD_SECURITY_PROFILE: PodSecurityLevel = "restricted";

/** The namespace that every cluster has. It is nobody's own, so it is left as it is. */
const SHARED_NAMESPACE = "default";

/**
 * The namespace of a delivery, which is no part of the rendered list; none for `default`. It says nothing of the
 * application, so that two applications can share one without changing it in turn.
 *
 * @param profile the strictest one that lets in the pods of the list.
 */
export function namespaceManifests(
  namespace: string,
  profile: PodSecurityLevel = POD_SECURITY_PROFILE,
): Manifest[] {
  if (namespace === SHARED_NAMESPACE) return [];
  const labels = {
    "app.kubernetes.io/managed-by": MANAGED_BY,
    "pod-security.kubernetes.io/enforce": profile,
  };
  return [{ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, labels } }];
}
