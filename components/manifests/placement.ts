import type { Manifest } from "./manifest";
import { originOf, withOrigin } from "./origin";
import { hasNoNamespace } from "./scope";

/** Where the objects of one render go, and what marks them as one application. */
export interface Placement {
  /** The application; becomes the label `app.kubernetes.io/part-of`. */
  readonly app: string;
  readonly namespace: string;
  /** Kinds without a namespace that may be rendered. */
  readonly clusterScope: readonly string[];
}

/** Who made an object, in the label that Kubernetes recommends for it. */
export const MANAGED_BY = "pulumi-delivery";

/**
 * The object in its namespace, with the recommended labels. Labels that are already there stay.
 * Source: Kubernetes, "Recommended Labels".
 */
export function placed(manifest: Manifest, { app, clusterScope, ...delivery }: Placement): Manifest {
  const { namespace = delivery.namespace, ...metadata } = manifest.metadata;
  const where = hasNoNamespace(manifest, clusterScope) ? {} : { namespace };
  const labels = {
    "app.kubernetes.io/part-of": app,
    "app.kubernetes.io/managed-by": MANAGED_BY,
    ...metadata.labels,
  };
  return withOrigin({ ...manifest, metadata: { ...metadata, ...where, labels } }, originOf(manifest));
}

/** Name of the record: `kubectl get configmap <app>-release -o yaml` tells what runs in a cluster. */
export function recordName(app: string): string {
  return `${app}-release`;
}
