import { groupOf } from "../manifest";
import type { Manifest } from "../manifest";
import { isBuiltInGroup, versionsOfKind } from "./types";
import { removedVersionsOf } from "./versions";

/** How definitions name their versions. Source: Kubernetes, "Versions in CustomResourceDefinitions". */
const CUSTOM_VERSIONS = ["v1", "v2", "v3"].flatMap((major) =>
  ["", "alpha1", "alpha2", "alpha3", "beta1", "beta2", "beta3"].map((stage) => `${major}${stage}`),
);

const known = new Map<string, readonly string[]>();

/**
 * Other API versions of a kind in its group, gone ones included: an object that was applied with one of them is the same
 * object. Of a custom kind these are the versions that definitions have as a rule.
 */
export function siblingVersions({
  apiVersion,
  kind,
}: Pick<Manifest, "apiVersion" | "kind">): readonly string[] {
  const key = `${apiVersion}/${kind}`;
  const found = known.get(key) ?? findSiblings(apiVersion, kind);
  known.set(key, found);
  return found;
}

function findSiblings(apiVersion: string, kind: string): string[] {
  const group = groupOf({ apiVersion });
  const all =
    group === "" || isBuiltInGroup(group)
      ? [...versionsOfKind(kind), ...removedVersionsOf(kind)].filter(
          (other) => groupOf({ apiVersion: other }) === group,
        )
      : CUSTOM_VERSIONS.map((version) => `${group}/${version}`);
  return [...new Set(all)].filter((other) => other !== apiVersion);
}
