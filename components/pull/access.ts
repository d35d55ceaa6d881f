import type { Manifest } from "../manifests";
import { rulesFor } from "../manifests/rules";
import type { Kind, PolicyRule } from "../manifests/rules";
import { hasNoNamespace } from "../manifests/scope";
import type { AgentSource } from "./contract";

const READ_VERBS = ["get", "list", "watch"];
/** Whether a workload is healthy is read from what it owns. */
const OWNED: readonly PolicyRule[] = [
  { apiGroups: ["apps"], resources: ["replicasets"], verbs: READ_VERBS },
  { apiGroups: [""], resources: ["pods"], verbs: READ_VERBS },
];

const RBAC = "rbac.authorization.k8s.io";

type Stack = Pick<AgentSource, "name" | "namespace">;

/** What a stack's account has to be able to change, and who acts as it. */
export interface AccessArgs {
  /** A kind may be there more than once. */
  readonly kinds: readonly Kind[];
  /** Kinds without a namespace that are allowed. */
  readonly clusterScope: readonly string[];
  /** The agent's own account. */
  readonly controller: { readonly name: string; readonly namespace: string };
}

/**
 * The account that a stack is applied as, and what it may do: the stack's kinds in the stack's namespace. Kinds without
 * a namespace, which the stack has to name in `clusterScope`, get a role of their own. The agent may act as this account
 * and as no other.
 */
export function accessManifests(stack: Stack, { kinds, clusterScope, controller }: AccessArgs): Manifest[] {
  const { name, namespace } = stack;
  const account = { kind: "ServiceAccount", name, namespace };
  const outside = kinds.filter((kind) => hasNoNamespace(kind, clusterScope));
  const inNamespace = kinds.filter((kind) => !outside.includes(kind));
  const impersonation = {
    apiGroups: [""],
    resources: ["serviceaccounts"],
    resourceNames: [name],
    verbs: ["impersonate"],
  };
  const agent = { kind: "ServiceAccount", ...controller };
  return [
    {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name, namespace },
      automountServiceAccountToken: false,
    },
    ...roleManifests(stack, [...rulesFor(inNamespace), ...OWNED], account),
    ...roleManifests({ name: `${name}-agent`, namespace }, [impersonation], agent),
    ...(outside.length === 0 ? [] : clusterRoleManifests(stack, rulesFor(outside), account)),
  ];
}

/**
 * What lets a stack's account delete objects of kinds that the list no longer has. It is there until they are gone.
 */
export function formerKindsManifests({ name, namespace }: Stack, kinds: readonly Kind[]): Manifest[] {
  const account = { kind: "ServiceAccount", name, namespace };
  return roleManifests({ name: `${name}-former`, namespace }, rulesFor(kinds), account);
}

/** Each kind with a namespace, once and in an order of its own. */
export function kindsOf(manifests: readonly Kind[], clusterScope: readonly string[]): Kind[] {
  const inNamespace = manifests.filter((kind) => !hasNoNamespace(kind, clusterScope));
  const kinds = new Map(
    inNamespace.map(({ apiVersion, kind }) => [`${apiVersion} ${kind}`, { apiVersion, kind }]),
  );
  return [...kinds.keys()].sort().map((key) => kinds.get(key)!);
}

function roleManifests(
  { name, namespace }: Stack,
  rules: readonly PolicyRule[],
  subject: object,
): Manifest[] {
  const metadata = { name, namespace };
  return [
    { apiVersion: `${RBAC}/v1`, kind: "Role", metadata, rules },
    {
      apiVersion: `${RBAC}/v1`,
      kind: "RoleBinding",
      metadata,
      roleRef: { apiGroup: RBAC, kind: "Role", name },
      subjects: [subject],
    },
  ];
}

function clusterRoleManifests(
  { name, namespace }: Stack,
  rules: readonly PolicyRule[],
  subject: object,
): Manifest[] {
  const metadata = { name: `${namespace}:${name}` };
  return [
    { apiVersion: `${RBAC}/v1`, kind: "ClusterRole", metadata, rules },
    {
      apiVersion: `${RBAC}/v1`,
      kind: "ClusterRoleBinding",
      metadata,
      roleRef: { apiGroup: RBAC, kind: "ClusterRole", name: metadata.name },
      subjects: [subject],
    },
  ];
}
