import { fieldsOf, listOf } from "../fields";
import type { Fields } from "../fields";
import { isLate, isLateAt, leafPaths } from "../late";
import { groupOf } from "../manifest";
import type { Manifest } from "../manifest";
import { titleOf } from "../origin";
import { podTemplateOf } from "../pods";
import { isBuiltInGroup } from "../schema";
import { PodIndex } from "./pod-index";
import type { PodOwner } from "./pod-index";
import { checkServicePorts } from "./ports";

const WORKLOADS = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"];
/** Where the objects that look for pods have their selector, by group and kind. */
const LOOKING: Readonly<Record<string, readonly string[]>> = {
  "/Service": ["spec", "selector"],
  "policy/PodDisruptionBudget": ["spec", "selector"],
  "networking.k8s.io/NetworkPolicy": ["spec", "podSelector"],
};

/**
 * Problems of selectors: a workload's that does not select its own pods, a Service's, a PodDisruptionBudget's or a
 * NetworkPolicy's that selects no pods of the list, and ports of a Service that its pods do not have. Where the list
 * has objects of custom kinds, others may make the pods, and only a workload's own selector is checked. What is known
 * only later may be right.
 */
export function checkSelectors(manifests: readonly Manifest[]): string[] {
  const owners = manifests.flatMap((manifest) => {
    const template = podTemplateOf(manifest);
    return template === undefined ? [] : [{ ...template, namespace: manifest.metadata.namespace }];
  });
  const index = new PodIndex(owners);
  const closed =
    manifests.every((manifest) => isBuiltInGroup(groupOf(manifest))) &&
    owners.every((owner) => !owner.isLabelledLate);
  return [
    ...manifests.flatMap(checkOwnSelector),
    ...(closed ? manifests.flatMap((manifest) => checkLooking(manifest, index)) : []),
  ];
}

function checkOwnSelector(manifest: Manifest): string[] {
  if (groupOf(manifest) !== "apps" || !WORKLOADS.includes(manifest.kind)) return [];
  const selector = fieldsOf(manifest.spec).selector;
  const template = podTemplateOf(manifest);
  if (template === undefined || selector === undefined || template.isLabelledLate) return [];
  if (hasLatePart(selector) || selects(selector, template.labels)) return [];
  const fix = "give spec.template.metadata.labels what spec.selector asks for";
  return [`${titleOf(manifest)}: spec.selector does not select the object's own pods; ${fix}`];
}

function checkLooking(manifest: Manifest, index: PodIndex): string[] {
  const path = LOOKING[`${groupOf(manifest)}/${manifest.kind}`];
  const [first = "", second = ""] = path ?? [];
  const selector = fieldsOf(manifest[first])[second];
  if (path === undefined || selector === undefined || hasLatePart(selector) || isEmpty(selector)) return [];
  const { namespace } = manifest.metadata;
  const isNear = (owner: PodOwner): boolean =>
    owner.namespace === undefined || namespace === undefined || owner.namespace === namespace;
  const wanted = manifest.kind === "Service" ? { matchLabels: selector } : fieldsOf(selector);
  const found = index
    .candidates(wanted.matchLabels)
    .filter((owner) => isNear(owner) && selects(wanted, owner.labels));
  if (found.length > 0) return manifest.kind === "Service" ? checkServicePorts(manifest, found) : [];
  const fix = "give it the labels of a pod template in the list";
  return [`${titleOf(manifest)}: ${path.join(".")} selects no pods of the list; ${fix}`];
}

/** Whether more than single values of a selector are known only later. */
function hasLatePart(selector: unknown): boolean {
  const expressions = fieldsOf(selector).matchExpressions;
  const listed = Array.isArray(expressions) ? (expressions as unknown[]) : [expressions];
  return isLateAt(selector, ["matchLabels"]) || listed.some((one) => leafPaths(one, isLate).length > 0);
}

/** An empty selector selects everything, or is a Service whose endpoints are made by hand. */
function isEmpty(selector: unknown): boolean {
  const { matchLabels, matchExpressions, ...direct } = fieldsOf(selector);
  return [matchLabels, matchExpressions, direct].every((part) => Object.keys(part ?? {}).length === 0);
}

function selects(selector: unknown, labels: Fields): boolean {
  const { matchLabels, matchExpressions } = fieldsOf(selector);
  return (
    Object.entries(fieldsOf(matchLabels)).every(([key, value]) => isSame(labels[key], value)) &&
    listOf(matchExpressions).every((expression) => meets(expression, labels))
  );
}

/** What is known only later may be the same. */
function isSame(label: unknown, wanted: unknown): boolean {
  return label === wanted || (label !== undefined && (isLate(label) || isLate(wanted)));
}

/** Source: Kubernetes, "Labels and Selectors". */
function meets({ key, operator, values }: Fields, labels: Fields): boolean {
  const label = labels[String(key)];
  const isListed = (Array.isArray(values) ? values : []).some((value) => isSame(label, value));
  switch (operator) {
    case "In":
      return isListed;
    case "NotIn":
      return !isListed;
    case "Exists":
      return label !== undefined;
    case "DoesNotExist":
      return label === undefined;
    default:
      return true;
  }
}
