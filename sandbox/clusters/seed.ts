import { RESTRICTED_IDENTITIES } from "./identities.ts";
import type { ObjectRef } from "./objects.ts";

type Manifest = ObjectRef & Readonly<Record<string, unknown>>;

/** How many fake nodes a cluster has. */
export const DEFAULT_NODES = 2;

/** What each node has to give; more than any test asks for. */
const NODE_RESOURCES = { cpu: "64", memory: "256Gi", "ephemeral-storage": "1Ti", pods: "1000" };

export const nodeName = (cluster: string, index: number): string => `${cluster}-node-${index}`;

/** The annotation makes it KWOK's, which makes it ready, and its pods. */
export function nodeManifest(cluster: string, index: number): Manifest {
  const name = nodeName(cluster, index);
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      annotations: { "kwok.x-k8s.io/node": "fake" },
      labels: { "kubernetes.io/hostname": name, "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64" },
    },
    status: { allocatable: NODE_RESOURCES, capacity: NODE_RESOURCES },
  } as Manifest;
}

/** The namespaces of the restricted identities, and their right to work there. */
export function identityManifests(): Manifest[] {
  return RESTRICTED_IDENTITIES.flatMap(({ name, edits }) =>
    edits.flatMap((namespace) => [
      { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
      editBinding(name, namespace),
    ]),
  );
}

function editBinding(user: string, namespace: string): Manifest {
  const group = "rbac.authorization.k8s.io";
  return {
    apiVersion: `${group}/v1`,
    kind: "RoleBinding",
    metadata: { name: `${user}-edits`, namespace },
    roleRef: { apiGroup: group, kind: "ClusterRole", name: "edit" },
    subjects: [{ apiGroup: group, kind: "User", name: user }],
  };
}
