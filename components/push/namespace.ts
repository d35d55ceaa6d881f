import { MANAGED_BY } from "../manifests";
import type { Manifest } from "../manifests";

/** The Pod Security profile that the namespace enforces. Source: Kubernetes, "Pod Security Admission". */
export const POD_SECURITY_PROFILE = "restricted";

/** The namespace of a delivery. It is no part of the rendered list. */
export function namespaceManifest(app: string, namespace: string): Manifest {
  const labels = {
    "app.kubernetes.io/part-of": app,
    "app.kubernetes.io/managed-by": MANAGED_BY,
    "pod-security.kubernetes.io/enforce": POD_SECURITY_PROFILE,
  };
  return { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, labels } };
}
