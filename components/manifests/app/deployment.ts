import type { Manifest } from "../manifest";
import type { App } from "./args";
import { configHash, configMapName, hasConfig } from "./config-map";
import { objectLabels, selectorLabels } from "./labels";
import { containerSecurityContext, podSecurityContext } from "./security";
import { PORT_NAME } from "./service";

/** Annotation of the pod template that changes with the settings. */
export const CONFIG_HASH_ANNOTATION = "pulumi-delivery/config-hash";

/** Old ReplicaSets that are kept; the way back is an older release, not an older ReplicaSet. */
export const REVISION_HISTORY_LIMIT = 3;

export function deploymentManifest(app: App): Manifest {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: app.name, labels: objectLabels(app) },
    spec: {
      replicas: app.replicas,
      revisionHistoryLimit: REVISION_HISTORY_LIMIT,
      selector: { matchLabels: selectorLabels(app) },
      template: { metadata: templateMetadata(app), spec: podSpec(app) },
    },
  };
}

function templateMetadata(app: App): Record<string, unknown> {
  const labels = objectLabels(app);
  return hasConfig(app) ? { labels, annotations: { [CONFIG_HASH_ANNOTATION]: configHash(app) } } : { labels };
}

function podSpec(app: App): Record<string, unknown> {
  return {
    serviceAccountName: app.name,
    automountServiceAccountToken: false,
    securityContext: podSecurityContext(app),
    containers: [container(app)],
  };
}

function container(app: App): Record<string, unknown> {
  return {
    name: app.name,
    image: app.image,
    ...(app.args.length > 0 ? { args: [...app.args] } : {}),
    ports: [{ name: PORT_NAME, containerPort: app.port, protocol: "TCP" }],
    ...environment(app),
    resources: app.resources,
    startupProbe: { ...probe(app), periodSeconds: 1, failureThreshold: 30 },
    readinessProbe: { ...probe(app), periodSeconds: 5 },
    livenessProbe: { ...probe(app), periodSeconds: 10, failureThreshold: 3 },
    securityContext: containerSecurityContext(),
  };
}

function environment(app: App): Record<string, unknown> {
  const env = Object.entries(app.env).map(([name, value]) => ({ name, value }));
  return {
    ...(hasConfig(app) ? { envFrom: [{ configMapRef: { name: configMapName(app) } }] } : {}),
    ...(env.length > 0 ? { env } : {}),
  };
}

function probe({ healthPath }: App): Record<string, unknown> {
  return { httpGet: { path: healthPath, port: PORT_NAME } };
}
