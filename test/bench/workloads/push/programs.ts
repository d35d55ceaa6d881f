/** What a program delivers: ConfigMaps, since no kind is applied faster, and none waits for pods. */
export interface Objects {
  /** In each cluster. */
  readonly count: number;
  /** Of every object: another one changes all of them. */
  readonly value: string;
}

/** A context of the kubeconfig for each cluster. */
export type Clusters = readonly string[];

/** With the library, as its README has it: all clusters at once, in one wave. */
export function ourProgram(clusters: Clusters, objects: Objects): string {
  return `
const { PushDelivery } = require("pulumi-delivery");
const clusters = ${JSON.stringify(clusters)};
new PushDelivery("shop", {
  namespace: "ours",
  waves: [{
    name: "all",
    maxParallel: clusters.length,
    clusters: clusters.map((name) => ({ name, context: name })),
  }],
  manifests: Array.from({ length: ${objects.count} }, (_, index) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "config-" + index },
    data: { value: ${JSON.stringify(objects.value)} },
  })),
});
`;
}

/** With the bare SDKs, as their examples have it. `tuned`: with the settings that let ConfigMaps be updated. */
export function plainProgram(clusters: Clusters, objects: Objects, tuned = false): string {
  const settings = tuned ? ", enableConfigMapMutable: true" : "";
  return `
const k8s = require("@pulumi/kubernetes");
for (const context of ${JSON.stringify(clusters)}) {
  const provider = new k8s.Provider(context, { context${settings} });
  const namespace = new k8s.core.v1.Namespace(context, { metadata: { name: "plain" } }, { provider });
  for (let index = 0; index < ${objects.count}; index++) {
    new k8s.core.v1.ConfigMap(context + "-" + index, {
      metadata: { name: "config-" + index, namespace: "plain" },
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
      `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: config-${index}, namespace: kubectl }\ndata: { value: "${value}" }\n`,
  );
  return [namespace, ...objects].join("---\n");
}
