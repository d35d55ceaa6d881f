import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import type { EnvironmentName, Service } from "./services.ts";

const LABELS = `{
    app.kubernetes.io/part-of: {{ $.Release.Name }}, app.kubernetes.io/managed-by: pulumi-delivery,
    app.kubernetes.io/name: {{ .name }}
  }`;

const PROBE = `{ httpGet: { path: /healthz, port: http }`;

const TEMPLATES: Readonly<Record<string, string>> = {
  "service-account": `
apiVersion: v1
kind: ServiceAccount
metadata: { name: {{ .name }}, namespace: {{ $.Release.Namespace }}, labels: ${LABELS} }
automountServiceAccountToken: false`,
  "config-map": `
apiVersion: v1
kind: ConfigMap
metadata: { name: {{ .name }}-config, namespace: {{ $.Release.Namespace }}, labels: ${LABELS} }
data: {{ .config | toJson }}`,
  service: `
apiVersion: v1
kind: Service
metadata: { name: {{ .name }}, namespace: {{ $.Release.Namespace }}, labels: ${LABELS} }
spec:
  ports: [{ name: http, port: {{ .port }}, protocol: TCP, targetPort: http }]
  selector: { app.kubernetes.io/name: {{ .name }} }`,
  "disruption-budget": `
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: {{ .name }}, namespace: {{ $.Release.Namespace }}, labels: ${LABELS} }
spec:
  maxUnavailable: 1
  selector: { matchLabels: { app.kubernetes.io/name: {{ .name }} } }`,
  deployment: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: {{ .name }}, namespace: {{ $.Release.Namespace }}, labels: ${LABELS} }
spec:
  replicas: {{ .replicas }}
  revisionHistoryLimit: 3
  selector: { matchLabels: { app.kubernetes.io/name: {{ .name }} } }
  template:
    metadata:
      annotations: { pulumi-delivery/config-hash: {{ .configHash | quote }} }
      labels: { app.kubernetes.io/name: {{ .name }} }
    spec:
      automountServiceAccountToken: false
      serviceAccountName: {{ .name }}
      securityContext:
        { runAsGroup: 65532, runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: RuntimeDefault } }
      containers:
        - name: {{ .name }}
          image: "{{ .repository }}@{{ .digest }}"
          envFrom: [{ configMapRef: { name: {{ .name }}-config } }]
          ports: [{ containerPort: {{ .port }}, name: http, protocol: TCP }]
          livenessProbe: ${PROBE}, failureThreshold: 3, periodSeconds: 10 }
          readinessProbe: ${PROBE}, periodSeconds: 5 }
          startupProbe: ${PROBE}, failureThreshold: 30, periodSeconds: 1 }
          resources: { limits: { memory: 128Mi }, requests: { cpu: 50m, memory: 64Mi } }
          securityContext:
            allowPrivilegeEscalation: false
            capabilities: { drop: [ALL] }
            readOnlyRootFilesystem: true`,
};

/** Lays out a chart that renders the same services, and the values of an environment. */
export function writeChart(
  folder: string,
  environment: EnvironmentName,
  content: { readonly services: readonly Service[]; readonly objects: readonly object[] },
): void {
  const hashes = configHashes(content.objects as readonly Deployment[]);
  const services = content.services.map((service) => {
    return { ...service, configHash: hashes.get(service.name) };
  });
  mkdirSync(join(folder, "templates"), { recursive: true });
  writeFileSync(join(folder, "Chart.yaml"), "apiVersion: v2\nname: shop\nversion: 1.0.0\n");
  for (const [name, template] of Object.entries(TEMPLATES)) {
    const text = `{{- range .Values.services }}\n---${template}\n{{- end }}\n`;
    writeFileSync(join(folder, "templates", `${name}.yaml`), text);
  }
  writeFileSync(join(folder, `values-${environment}.yaml`), stringify({ services }));
}

interface Deployment {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly template: { readonly metadata: { readonly annotations: Record<string, string> } };
  };
}

/** What rolls the pods when their settings change, by service: the chart is given it. */
function configHashes(objects: readonly Deployment[]): Map<string, string | undefined> {
  const deployments = objects.filter(({ kind }) => kind === "Deployment");
  return new Map(
    deployments.map(({ metadata, spec }) => [
      metadata.name,
      spec.template.metadata.annotations["pulumi-delivery/config-hash"],
    ]),
  );
}
