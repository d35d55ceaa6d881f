import type { Check } from "../checks";
import { checkDnsLabel, groupOf, shown } from "../manifests";
import type { Manifest } from "../manifests";
import { resourceName, rulesFor } from "../manifests/rules";
import type { Kind, PolicyRule } from "../manifests/rules";
import { isBuiltInGroup } from "../manifests/schema";

/** Of what is there once: a create is allowed by name, since server-side apply names what it makes. */
const NAMED_VERBS = ["get", "create", "patch", "delete"];
const READ_VERBS = ["get", "list", "watch"];

const RBAC = "rbac.authorization.k8s.io";

/** By the way of them whether workloads are rolled out is seen, and why they are not. */
const LOOKED_AT: readonly PolicyRule[] = [
  { apiGroups: [""], resources: ["events", "pods"], verbs: READ_VERBS },
  { apiGroups: ["apps"], resources: ["controllerrevisions", "replicasets"], verbs: READ_VERBS },
  { apiGroups: [""], resources: ["endpoints"], verbs: READ_VERBS },
  { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: READ_VERBS },
];

/** Names of custom kinds in paths, by `group/Kind`. */
export type Plurals = ReadonlyMap<string, string>;

/** What the definitions among the manifests say, and what was said beside them. */
export function pluralsOf(manifests: readonly Manifest[], said: Readonly<Record<string, string>>): Plurals {
  const definitions = manifests.filter(({ kind }) => kind === "CustomResourceDefinition");
  const named = definitions.map(({ spec }) => {
    const { group, names } = spec as { group: string; names: { kind: string; plural: string } };
    return [`${group}/${names.kind}`, names.plural] as const;
  });
  return new Map([...Object.entries(said), ...named]);
}

/** Problems of what was said, and of custom kinds of which nobody tells: a rule for a guessed name would allow nothing. */
export function checkPlurals(
  kinds: readonly Kind[],
  said: Readonly<Record<string, string>>,
  plurals: Plurals,
): string[] {
  const custom = kinds.filter((kind) => isCustom(groupOf(kind))).map(keyOf);
  const unknown = [...new Set(custom)].filter((key) => !plurals.has(key));
  return [
    ...Object.entries(said).flatMap(([key, plural]) => checkDnsLabel(`plurals[${shown(key)}]`, plural)),
    ...unknown.map(
      (key) =>
        `${key} has no definition among the manifests, so its name in paths is not known; ` +
        `say plurals: { ${shown(key)}: "…" } with the name that kubectl api-resources shows`,
    ),
  ];
}

/** Groups of Kubernetes itself have no dot, or are those that the schema knows. */
const isCustom = (group: string): boolean => group.includes(".") && !isBuiltInGroup(group);

const keyOf = (kind: Kind): string => `${groupOf(kind)}/${kind.kind}`;

function pluralOf(kind: Kind, plurals: Plurals): string {
  return plurals.get(keyOf(kind)) ?? resourceName(kind.kind);
}

/** What may be done in the namespace: to the kinds of the objects, and no others. */
export function namespaceRules(objects: readonly Manifest[], plurals: Plurals): PolicyRule[] {
  return [...rulesFor(objects, (kind) => pluralOf(kind, plurals)), ...LOOKED_AT, ...grantedRules(objects)];
}

/** Whoever makes a role has to have its rights already. Source: Kubernetes, "Using RBAC: Privilege escalation". */
function grantedRules(objects: readonly Manifest[]): PolicyRule[] {
  return objects
    .filter((object) => groupOf(object) === RBAC && /Role$/.test(object.kind))
    .flatMap(({ rules }) => (rules ?? []) as PolicyRule[]);
}

/** What may be done to objects of the whole cluster: to those of these names, and to no others. */
export function clusterRules(objects: readonly Manifest[], plurals: Plurals): PolicyRule[] {
  const named = objects.map((object) => ({
    apiGroups: [groupOf(object)],
    resources: [pluralOf(object, plurals)],
    resourceNames: [object.metadata.name],
    verbs: NAMED_VERBS,
  }));
  // What is watched is one object, but the plugin asks for the list.
  const watched = objects.map((object) => ({
    apiGroups: [groupOf(object)],
    resources: [pluralOf(object, plurals)],
    verbs: ["list", "watch"],
  }));
  return unique([...named, ...watched, ...grantedRules(objects)]);
}

function unique(rules: readonly PolicyRule[]): PolicyRule[] {
  return [...new Map(rules.map((rule) => [JSON.stringify(rule), rule])).values()];
}

/** What the checks of gates need, by namespace. */
export function checkRules(
  checks: readonly Check[],
  namespace: string,
  plurals: Plurals,
): Map<string, PolicyRule[]> {
  const rules = new Map<string, PolicyRule[]>();
  for (const check of checks) {
    const rule = checkRule(check, namespace, plurals);
    if (rule !== undefined) rules.set(rule.in, [...(rules.get(rule.in) ?? []), rule.rule]);
  }
  return rules;
}

function checkRule(
  check: Check,
  namespace: string,
  plurals: Plurals,
): { readonly in: string; readonly rule: PolicyRule } | undefined {
  switch (check.check) {
    case "rolloutReady":
      return undefined;
    case "job":
      return { in: namespace, rule: { apiGroups: ["batch"], resources: ["jobs"], verbs: ["get", "create"] } };
    case "http":
    case "prometheus": {
      if (check.url !== undefined) return undefined;
      const name = `${check.scheme === "https" ? "https:" : ""}${check.service}:${check.port}`;
      return { in: check.namespace ?? namespace, rule: readOf("", "services/proxy", name) };
    }
    case "kubernetes": {
      const rule = readOf(groupOf(check), pluralOf(check, plurals), check.name);
      return { in: check.namespace ?? namespace, rule };
    }
    default:
      return check satisfies never;
  }
}

function readOf(group: string, resource: string, name: string): PolicyRule {
  return { apiGroups: [group], resources: [resource], resourceNames: [name], verbs: ["get"] };
}
