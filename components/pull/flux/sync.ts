import type { Manifest } from "../../manifests";
import type { AgentSync } from "../contract";
import { KUSTOMIZE_API } from "./names";

/**
 * The Kustomization of a stack.
 *
 * - `prune` and `wait`: what leaves the branch leaves the cluster, and healthy means all of it.
 * - `deletionPolicy: Orphan`: whoever removes the Kustomization, by mistake or to change the way of delivery, does not
 *   remove what runs.
 * - `retryInterval`: else a failed release would wait for the next `interval`.
 * - `timeout`: else a release that hangs would do so for a whole `interval`.
 * - `force` is off: an immutable field is an error, not a deletion. There is no `postBuild`, so that the bytes of the
 *   branch are those in the cluster.
 */
export function kustomizationManifest(sync: AgentSync): Manifest {
  const { name, namespace, folder, interval, retryInterval, timeout, serviceAccount, suspended } = sync;
  const { decryption } = sync;
  return {
    apiVersion: KUSTOMIZE_API,
    kind: "Kustomization",
    metadata: { name, namespace },
    spec: {
      sourceRef: { kind: "GitRepository", name },
      path: `./${folder}`,
      serviceAccountName: serviceAccount,
      interval,
      retryInterval,
      timeout,
      prune: true,
      wait: true,
      force: false,
      deletionPolicy: "Orphan",
      ...(decryption === undefined
        ? {}
        : { decryption: { provider: "sops", secretRef: { name: decryption } } }),
      // Left out otherwise, so that whoever suspends it by hand is not in conflict with us.
      ...(suspended ? { suspend: true } : {}),
    },
  };
}
