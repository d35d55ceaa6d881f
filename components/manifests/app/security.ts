import type { App } from "./args";

/** What the restricted profile asks of a pod. Source: Kubernetes, "Pod Security Standards". */
export function podSecurityContext({ user }: Pick<App, "user">): Record<string, unknown> {
  return {
    runAsNonRoot: true,
    runAsUser: user,
    runAsGroup: user,
    seccompProfile: { type: "RuntimeDefault" },
  };
}

/** What the restricted profile asks of a container, and a root file system that cannot be written. */
export function containerSecurityContext(): Record<string, unknown> {
  return { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } };
}
