import { groupOf } from "./manifest";
import type { Manifest } from "./manifest";

/** A rule of a Role. Source: Kubernetes, "Using RBAC". */
export interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

/** Server-side apply creates and patches; drift is seen by reading, and what is no longer wanted is deleted. */
const APPLY_VERBS = ["get", "list", "watch", "create", "patch", "delete"];

const IRREGULAR: Readonly<Record<string, string>> = { Endpoints: "endpoints" };

/** The name of a kind in paths and rules, as Kubernetes and kubebuilder form it. */
export function resourceName(kind: string): string {
  const word = kind.toLowerCase();
  if (IRREGULAR[kind] !== undefined) return IRREGULAR[kind];
  if (/(?:s|x|z|ch|sh)$/.test(word)) return `${word}es`;
  return /[^aeiou]y$/.test(word) ? `${word.slice(0, -1)}ies` : `${word}s`;
}

/** A kind of objects, by what its rules need. */
export type Kind = Pick<Manifest, "apiVersion" | "kind">;

/**
 * The rules that a list of objects needs: its kinds and no others, by API group.
 *
 * @param nameOf the name of a kind in paths
 */
export function rulesFor(
  kinds: readonly Kind[],
  nameOf: (kind: Kind) => string = ({ kind }) => resourceName(kind),
): PolicyRule[] {
  const groups = new Map<string, Set<string>>();
  for (const kind of kinds) {
    const group = groupOf(kind);
    groups.set(group, (groups.get(group) ?? new Set()).add(nameOf(kind)));
  }
  return [...groups.keys()].sort().map((group) => {
    return { apiGroups: [group], resources: [...groups.get(group)!].sort(), verbs: APPLY_VERBS };
  });
}
