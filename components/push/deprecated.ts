import * as pulumi from "@pulumi/pulumi";
import { DEFAULT_KUBERNETES_VERSION, deprecations } from "../manifests";
import type { KubernetesVersion, Manifest } from "../manifests";

/** What the lists of some clusters have that a later Kubernetes will not serve, each said once. */
export function deprecated(
  lists: Iterable<{ readonly objects: readonly Manifest[] }>,
  version: KubernetesVersion = DEFAULT_KUBERNETES_VERSION,
): string[] {
  return [...new Set([...lists].flatMap(({ objects }) => deprecations(objects, version)))];
}

/** Warns of it in preview and update. */
export function sayDeprecated(
  lists: Parameters<typeof deprecated>[0],
  version: KubernetesVersion,
  resource: pulumi.Resource,
): void {
  for (const text of deprecated(lists, version)) void pulumi.log.warn(text, resource);
}
