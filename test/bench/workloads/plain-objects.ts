import { createHash } from "node:crypto";
import type { Service } from "./render/services.ts";

const PROBE = { httpGet: { path: "/healthz", port: "http" } };

/** The objects of a service as somebody writes them by hand: those that `app()` makes of it, placed and labelled. */
export function plainObjects(service: Service, namespace = "shop"): Record<string, object> {
  const { name, repository, digest, port, replicas, config } = service;
  const own = { "app.kubernetes.io/name": name };
  const labels = {
    ...own,
    "app.kubernetes.io/part-of": "shop",
    "app.kubernetes.io/managed-by": "pulumi-delivery",
  };
  const metadata = { name, namespace, labels };
  return {
    ServiceAccount: { metadata, automountServiceAccountToken: false },
    ConfigMap: { metadata: { ...metadata, name: `${name}-config` }, data: config },
    Service: {
      metadata,
      spec: { selector: own, ports: [{ name: "http", port, protocol: "TCP", targetPort: "http" }] },
    },
    Deployment: {
      metadata,
      spec: {
        replicas,
        revisionHistoryLimit: 3,
        selector: { matchLabels: own },
        template: {
          metadata: { labels: own, annotations: { "pulumi-delivery/config-hash": hashOf(config) } },
          spec: podSpec(name, `${repository}@${digest}`, port),
        },
      },
    },
    PodDisruptionBudget: { metadata, spec: { maxUnavailable: 1, selector: { matchLabels: own } } },
  };
}

function podSpec(name: string, image: string, port: number): object {
  return {
    automountServiceAccountToken: false,
    serviceAccountName: name,
    securityContext: {
      runAsGroup: 65532,
      runAsNonRoot: true,
      runAsUser: 65532,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [
      {
        name,
        image,
        envFrom: [{ configMapRef: { name: `${name}-config` } }],
        ports: [{ containerPort: port, name: "http", protocol: "TCP" }],
        livenessProbe: { ...PROBE, failureThreshold: 3, periodSeconds: 10 },
        readinessProbe: { ...PROBE, periodSeconds: 5 },
        startupProbe: { ...PROBE, failureThreshold: 30, periodSeconds: 1 },
        resources: { limits: { memory: "128Mi" }, requests: { cpu: "50m", memory: "64Mi" } },
        securityContext: {
          allowPrivilegeEscalation: false,
          capabilities: { drop: ["ALL"] },
          readOnlyRootFilesystem: true,
        },
      },
    ],
  };
}

/** Rolls the pods when their settings change. */
function hashOf(config: Readonly<Record<string, string>>): string {
  return createHash("sha256").update(JSON.stringify(config)).digest("hex").slice(0, 16);
}
