import type { Manifest } from "../manifest";
import type { App } from "./args";
import { objectLabels, selectorLabels } from "./labels";
import { exceptionAnnotations, podSpec, templateMetadata } from "./pod";
import { mainContainer } from "./service";

/** Old ReplicaSets that are kept; the way back is an older release, not an older ReplicaSet. */
export const REVISION_HISTORY_LIMIT = 3;

export function deploymentManifest(app: App): Manifest {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: app.name, labels: objectLabels(app), ...exceptionAnnotations(app) },
    spec: {
      ...replicas(app),
      revisionHistoryLimit: REVISION_HISTORY_LIMIT,
      selector: { matchLabels: selectorLabels(app) },
      template: { metadata: templateMetadata(app), spec: podSpec(app, mainContainer(app)) },
    },
  };
}

/** None where the cluster decides how many run: a number would be set back at each delivery. */
export function replicas(app: App): Record<string, unknown> {
  return app.scaling === undefined ? { replicas: app.replicas } : {};
}
