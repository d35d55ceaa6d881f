import { shown } from "../manifests";
import { checkLabels } from "../manifests/labels";

/** What a cluster is, by name, as `{ region: "eu", tier: "canary" }`. Labels stay in the program. */
export type ClusterLabels = Readonly<Record<string, string>>;

/** Labels that a cluster has to have, all of them; each with the value, or with one of the values. */
export type ClusterSelector = Readonly<Record<string, string | readonly string[]>>;

/** What has labels. */
export interface Labelled {
  readonly labels?: ClusterLabels;
}

/**
 * The clusters that have all labels of a selector, in the order in which they are given.
 *
 * @example selectClusters(targets, { region: "eu", tier: ["canary", "early"] })
 */
export function selectClusters<T extends Labelled>(clusters: readonly T[], selector: ClusterSelector): T[] {
  const wanted = Object.entries(selector);
  return clusters.filter((cluster) => {
    const labels = cluster.labels ?? {};
    return wanted.every(
      ([name, values]) => Object.hasOwn(labels, name) && valuesOf(values).includes(labels[name]!),
    );
  });
}

function valuesOf(values: string | readonly string[]): readonly string[] {
  return Array.isArray(values) ? (values as readonly string[]) : [values as string];
}

/** Problems of the labels of a cluster that stands at `field`. */
export function checkClusterLabels(field: string, labels: unknown): string[] {
  return checkLabels(`${field}.labels`, labels);
}

/** Problems of a selector: one that is none, and one that no cluster fits. */
export function checkSelector(
  field: string,
  selector: ClusterSelector,
  clusters: readonly Labelled[],
): string[] {
  if (typeof selector !== "object" || selector === null || Object.keys(selector).length === 0) {
    return [`${field} is ${shown(selector)}; give labels, as { region: "eu" }`];
  }
  const malformed = Object.entries(selector).filter(([, values]) => !isValues(values));
  if (malformed.length > 0) {
    return malformed.map(
      ([name, values]) => `${field}.${name} is ${shown(values)}; give a text, or a list of texts`,
    );
  }
  if (selectClusters(clusters, selector).length > 0) return [];
  return [
    `${field} ${shown(selector)} fits no cluster; ${knownLabels(clusters)}: correct it, or label a cluster`,
  ];
}

function isValues(values: unknown): boolean {
  if (typeof values === "string") return true;
  return Array.isArray(values) && values.length > 0 && values.every((value) => typeof value === "string");
}

function knownLabels(clusters: readonly Labelled[]): string {
  const known = new Map<string, Set<string>>();
  for (const { labels } of clusters) {
    for (const [name, value] of Object.entries(labels ?? {}))
      known.set(name, (known.get(name) ?? new Set()).add(value));
  }
  const each = [...known].map(([name, values]) => `${name}: ${[...values].sort().join(", ")}`);
  return each.length === 0 ? "no cluster has labels" : `there are ${each.sort().join("; ")}`;
}
