/** What a program delivers: ConfigMaps, since no kind is applied faster, and none waits for pods. */
export interface Objects {
  /** In each cluster. */
  readonly count: number;
  /** Of every object: another one changes all of them. */
  readonly value: string;
}

/** A context of the kubeconfig for each cluster. */
export type Clusters = readonly string[];

/**
 * With the library, as its README has it: all clusters at once, in one wave.
 *
 * @param ledger address of the repository that records it; undefined for none
 */
export function ourProgram(
  clusters: Clusters,
  { count, value }: Objects,
  namespace: string,
  ledger?: string,
): string {
  const recorded = ledger === undefined ? "" : `ledger: { repository: ${JSON.stringify(ledger)} },`;
  return `
const { PushDelivery } = require("pulumi-delivery");
const clusters = ${JSON.stringify(clusters)};
new PushDelivery("shop", {
  namespace: ${JSON.stringify(namespace)},
  ${recorded}
  waves: [{
    name: "all",
    maxParallel: clusters.length,
    clusters: clusters.map((name) => ({ name, context: name })),
  }],
  manifests: Array.from({ length: ${count} }, (_, index) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "config-" + index },
    data: { value: ${JSON.stringify(value)} },
  })),
});
`;
}

/** Requests a second that the plugin may make to a cluster, and how many may come at once. */
export interface ClientRate {
  readonly qps: number;
  readonly burst: number;
}

/** What a plain program says beyond the examples of the SDK. */
export interface PlainSettings {
  /** Whether ConfigMaps are updated and not replaced. @default false */
  readonly mutable?: boolean;
  /** @default the plugin's own */
  readonly rate?: ClientRate;
}

/** What the library puts on each object: a peer that leaves it out has less to apply and to keep. */
const LABELS = { "app.kubernetes.io/part-of": "shop", "app.kubernetes.io/managed-by": "pulumi-delivery" };

/** With the bare SDKs, as their examples have it; the same objects, with the same labels. */
export function plainProgram(
  clusters: Clusters,
  objects: Objects,
  namespace: string,
  { mutable = false, rate }: PlainSettings = {},
): string {
  const settings = [
    ...(mutable ? ["enableConfigMapMutable: true"] : []),
    ...(rate === undefined ? [] : [`kubeClientSettings: ${JSON.stringify(rate)}`]),
  ];
  return `
const k8s = require("@pulumi/kubernetes");
for (const context of ${JSON.stringify(clusters)}) {
  const provider = new k8s.Provider(context, { ${["context", ...settings].join(", ")} });
  const namespace = new k8s.core.v1.Namespace(context, { metadata: { name: "${namespace}" } }, { provider });
  for (let index = 0; index < ${objects.count}; index++) {
    new k8s.core.v1.ConfigMap(context + "-" + index, {
      metadata: { name: "config-" + index, namespace: "${namespace}", labels: ${JSON.stringify(LABELS)} },
      data: { value: ${JSON.stringify(objects.value)} },
    }, { provider, dependsOn: namespace });
  }
}
`;
}

/** Nothing at all: what every `pulumi up` takes. */
export const EMPTY_PROGRAM = 'require("@pulumi/pulumi");\n';

/** The same objects for kubectl. */
export function objectsYaml({ count, value }: Objects): string {
  const namespace = "apiVersion: v1\nkind: Namespace\nmetadata: { name: kubectl }\n";
  const objects = Array.from(
    { length: count },
    (_, index) =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: config-${index}, namespace: kubectl, labels: ${JSON.stringify(LABELS)} }\ndata: { value: "${value}" }\n`,
  );
  return [namespace, ...objects].join("---\n");
}
