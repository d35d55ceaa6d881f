import type { Check } from "../checks";
import { MANAGED_BY, placed } from "../manifests";
import type { Manifest } from "../manifests";
import type { PolicyRule } from "../manifests/rules";
import { hasNoNamespace } from "../manifests/scope";
import { throwIfAny } from "../mistake";
import { recordManifest } from "../release";
import { checkPlurals, checkRules, clusterRules, namespaceRules, pluralsOf } from "./pusher-rules";

/** Who pushes: an account of a cluster, or a user or group that the cluster knows. */
export type Pusher =
  | { readonly kind: "ServiceAccount"; readonly name: string; readonly namespace: string }
  | { readonly kind: "User" | "Group"; readonly name: string };

/** What is pushed, and by whom. */
export interface PusherRoleArgs {
  /** The application's name, as the delivery has it. */
  readonly app: string;
  /** @default the application's name */
  readonly namespace?: string;
  /**
   * The objects that are delivered: what `render()` gives, or the list of a delivery. Only their kinds matter, for those
   * of the whole cluster also their names. What an earlier release had and this one no longer has belongs to it until it
   * is deleted.
   */
  readonly manifests: readonly Manifest[];
  /** Kinds without a namespace that may be among them, as for the delivery. @default none */
  readonly clusterScope?: readonly string[];
  /** Whether there are pull secrets, which are made beside the list. @default false */
  readonly pullSecrets?: boolean;
  /** The checks of the delivery's gates. @default the workloads are rolled out */
  readonly checks?: readonly Check[];
  /**
   * Names in paths of custom kinds whose definition is not among the manifests, by `group/Kind`.
   * @default none
   * @example { "gateway.networking.k8s.io/HTTPRoute": "httproutes" }
   */
  readonly plurals?: Readonly<Record<string, string>>;
  readonly pusher: Pusher;
}

const RBAC = "rbac.authorization.k8s.io";
type KubernetesCheck = Extract<Check, { check: "kubernetes" }>;

/**
 * The least that whoever pushes has to be allowed, as objects for an administrator to apply once: a Role in the
 * namespace for the kinds that are delivered, and a ClusterRole for the namespace itself, by its name. There is no
 * wildcard in it, and no other namespace but that of a Service that a check asks.
 *
 * @throws Mistake when the name in paths of a custom kind is told neither by its definition nor by `plurals`.
 * @example
 * toYaml(pusherRole({ app: "shop", manifests, pusher: { kind: "ServiceAccount", name: "deployer", namespace: "ci" } }))
 */
export function pusherRole(args: PusherRoleArgs): Manifest[] {
  const { app, namespace = app, clusterScope = [], checks = [], plurals: said = {} } = args;
  const objects = delivered(args, namespace);
  const plurals = pluralsOf(objects, said);
  const lookedAt = checks.filter(({ check }) => check === "kubernetes") as readonly KubernetesCheck[];
  throwIfAny("The role of whoever pushes", checkPlurals([...objects, ...lookedAt], said, plurals));
  const wide = objects.filter((object) => hasNoNamespace(object, clusterScope));
  const own = objects.filter((object) => !wide.includes(object));
  const looked = checkRules(checks, namespace, plurals);
  const rules = [...namespaceRules(own, plurals), ...(looked.get(namespace) ?? [])];
  const others = [...looked].filter(([place]) => place !== namespace);
  const name = `${app}-pusher`;
  return [
    ...inNamespace(name, namespace, rules, args.pusher),
    ...others.flatMap(([place, more]) => inNamespace(`${namespace}-${name}`, place, more, args.pusher)),
    ...inCluster(
      `${namespace}:${name}`,
      [...ofNamespace(namespace), ...clusterRules(wide, plurals)],
      args.pusher,
    ),
  ];
}

/** With the record, and with what is made beside the list. */
function delivered(args: PusherRoleArgs, namespace: string): Manifest[] {
  const { app, manifests, clusterScope = [], pullSecrets = false } = args;
  const record = recordManifest({ app, namespace, release: app, images: {}, contentHash: "" });
  const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: app } };
  const all = [...manifests, record, ...(pullSecrets ? [secret] : [])];
  return all.map((manifest) => placed(manifest, { app, namespace, clusterScope }));
}

/** The plugin makes the namespace and looks at it; the cluster is told by the id of `kube-system`. */
function ofNamespace(namespace: string): PolicyRule[] {
  const namespaces = { apiGroups: [""], resources: ["namespaces"] };
  return [
    { ...namespaces, resourceNames: [namespace], verbs: ["get", "create", "patch"] },
    { ...namespaces, resourceNames: ["kube-system"], verbs: ["get"] },
  ];
}

const labels = { "app.kubernetes.io/managed-by": MANAGED_BY };

function inNamespace(
  name: string,
  namespace: string,
  rules: readonly PolicyRule[],
  pusher: Pusher,
): Manifest[] {
  return bound("Role", { name, namespace, labels }, rules, pusher);
}

function inCluster(name: string, rules: readonly PolicyRule[], pusher: Pusher): Manifest[] {
  return bound("ClusterRole", { name, labels }, rules, pusher);
}

function bound(
  kind: "Role" | "ClusterRole",
  metadata: Manifest["metadata"],
  rules: readonly PolicyRule[],
  pusher: Pusher,
): Manifest[] {
  const apiVersion = `${RBAC}/v1`;
  const roleRef = { apiGroup: RBAC, kind, name: metadata.name };
  const subject = pusher.kind === "ServiceAccount" ? pusher : { ...pusher, apiGroup: RBAC };
  return [
    { apiVersion, kind, metadata, rules },
    { apiVersion, kind: `${kind}Binding`, metadata, roleRef, subjects: [subject] },
  ];
}
