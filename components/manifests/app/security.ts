import type { Pod } from "./pod-args";

/** What the restricted profile asks of a pod. Source: Kubernetes, "Pod Security Standards". */
export function podSecurityContext({ user }: Pick<Pod, "user">, hasVolumes = false): Record<string, unknown> {
  return {
    runAsNonRoot: true,
    runAsUser: user,
    runAsGroup: user,
    // Without it the files of most volumes belong to root.
    ...(hasVolumes ? { fsGroup: user } : {}),
    seccompProfile: { type: "RuntimeDefault" },
  };
}

/** What the restricted profile asks of a container, and a root file system that cannot be written. */
export function containerSecurityContext(): Record<string, unknown> {
  return { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } };
}
