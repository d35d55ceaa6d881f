import type { Manifest } from "../manifest";

/** Kinds that `app()` makes. */
export type AppKind =
  | "ServiceAccount"
  | "ConfigMap"
  | "Service"
  | "Deployment"
  | "StatefulSet"
  | "HorizontalPodAutoscaler"
  | "PodDisruptionBudget"
  | "Ingress"
  | "HTTPRoute"
  | "NetworkPolicy";

/** One pure function per kind; it returns a new object. */
export type Transform<Kind extends string> = Readonly<
  Partial<Record<Kind, (manifest: Manifest) => Manifest>>
>;
/** Functions that change an object of `app()`, by its kind. */
export type AppTransform = Transform<AppKind>;

/** Each object changed by the function of its kind, if there is one. */
export function transformed<Kind extends string>(
  manifests: readonly Manifest[],
  transform: Transform<Kind>,
): Manifest[] {
  return manifests.map((manifest) => {
    const change = Object.hasOwn(transform, manifest.kind) ? transform[manifest.kind as Kind] : undefined;
    return change === undefined ? manifest : change(manifest);
  });
}
