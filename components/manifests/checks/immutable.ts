import { canonicalJson } from "../canonical";
import { fieldsOf } from "../fields";
import type { Fields } from "../fields";
import { isLate, leafPaths } from "../late";
import { groupOf, objectKey } from "../manifest";
import type { Manifest } from "../manifest";
import { titleOf } from "../origin";

/**
 * Fields that the API server refuses to change in an object that is there, by group and kind: either those named in
 * `fields`, or all of `spec` but those named in `except`. Source: the kinds' reference and validation in Kubernetes 1.36.
 */
type Rule = { readonly fields: readonly string[] } | { readonly except: readonly string[] };

const RULES: Readonly<Record<string, Rule>> = {
  "apps/Deployment": { fields: ["spec.selector"] },
  "apps/DaemonSet": { fields: ["spec.selector"] },
  "apps/ReplicaSet": { fields: ["spec.selector"] },
  "apps/StatefulSet": {
    except: [
      "replicas",
      "ordinals",
      "template",
      "updateStrategy",
      "revisionHistoryLimit",
      "persistentVolumeClaimRetentionPolicy",
      "minReadySeconds",
    ],
  },
  "batch/Job": { fields: ["spec.selector", "spec.template", "spec.completionMode", "spec.podFailurePolicy"] },
  "/Secret": { fields: ["type"] },
  "/PersistentVolumeClaim": { except: ["resources", "volumeAttributesClassName"] },
  "rbac.authorization.k8s.io/RoleBinding": { fields: ["roleRef"] },
  "rbac.authorization.k8s.io/ClusterRoleBinding": { fields: ["roleRef"] },
  "storage.k8s.io/StorageClass": {
    fields: ["provisioner", "parameters", "reclaimPolicy", "volumeBindingMode"],
  },
  "scheduling.k8s.io/PriorityClass": { fields: ["value", "preemptionPolicy"] },
  "networking.k8s.io/IngressClass": { fields: ["spec.controller"] },
  "node.k8s.io/RuntimeClass": { fields: ["handler"] },
  "apiextensions.k8s.io/CustomResourceDefinition": { fields: ["spec.group", "spec.scope"] },
};

const SEALED = ["data", "binaryData", "stringData", "immutable"];

/**
 * Problems of objects that change from one release to the next in a field that a cluster refuses to change. What is
 * known only later is left to the cluster.
 *
 * @param previous what was told before. An object may be there more than once, where it is not known which one the cluster
 *   has: then one that the next fits is enough.
 */
export function checkImmutable(previous: readonly Manifest[], next: readonly Manifest[]): string[] {
  const before = new Map<string, Manifest[]>();
  for (const manifest of previous) {
    const key = objectKey(manifest);
    before.set(key, [...(before.get(key) ?? []), manifest]);
  }
  return next.flatMap((manifest) => {
    const changed = (before.get(objectKey(manifest)) ?? []).map((old) => changedFields(old, manifest));
    const fields = changed.every((each) => each.length > 0) ? (changed[0] ?? []) : [];
    const fix = "give the object another name, or leave it out for one release";
    return fields.map((field) => `${titleOf(manifest)}: ${field} changes, which a cluster refuses; ${fix}`);
  });
}

function changedFields(old: Manifest, next: Manifest): string[] {
  const key = `${groupOf(next)}/${next.kind}`;
  const rule = Object.hasOwn(RULES, key) ? RULES[key] : undefined;
  const named = rule === undefined ? [] : fieldsOfRule(rule, old, next);
  const sealed = old.immutable === true && ["/ConfigMap", "/Secret"].includes(key) ? SEALED : [];
  return [...named, ...sealed, ...addressOf(key, old, next)].filter((field) =>
    differs(at(old, field), at(next, field)),
  );
}

function fieldsOfRule(rule: Rule, old: Manifest, next: Manifest): readonly string[] {
  if ("fields" in rule) return rule.fields;
  const all = new Set([...Object.keys(fieldsOf(old.spec)), ...Object.keys(fieldsOf(next.spec))]);
  return [...all].filter((field) => !rule.except.includes(field)).map((field) => `spec.${field}`);
}

/** A Service's address stays when it is not named. */
function addressOf(key: string, old: Manifest, next: Manifest): string[] {
  const field = "spec.clusterIP";
  return key === "/Service" && isSaid(at(old, field)) && isSaid(at(next, field)) ? [field] : [];
}

const isSaid = (value: unknown): boolean => value !== undefined && value !== "";

function at(manifest: Manifest, field: string): unknown {
  return field.split(".").reduce<unknown>((value, name) => (value as Fields | undefined)?.[name], manifest);
}

function differs(old: unknown, next: unknown): boolean {
  const isOpen = [old, next].some((value) => leafPaths(value, isLate).length > 0);
  return !isOpen && canonicalJson(old ?? null) !== canonicalJson(next ?? null);
}
