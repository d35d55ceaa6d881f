/** How a pipeline of these tests differs from the others. */
export interface Variant {
  /** What its objects say of themselves. */
  readonly mark: string;
  /** @default no namespace of its own */
  readonly namespace?: string;
  readonly images?: readonly string[];
  readonly settings?: string;
  readonly clusters?: readonly string[];
  /** Statements before the pipeline. */
  readonly before?: string;
  /** More of `manifests`, as a list's elements. */
  readonly objects?: string;
  /** The ledger, as an expression. */
  readonly ledger?: string;
}

/** `infra/pipeline.ts` of a variant. It reads a file beside it and imports one without an extension. */
export function pipelineText(variant: Variant): string {
  const { mark, namespace, images = ["shop"], settings = "replicas: 1", clusters = ["dev-1"] } = variant;
  const image = (name: string): string =>
    `${name}: { repository: "registry.example.com/acme/${name}", context: "app" }`;
  return `import { readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { app, definePipeline, push } from "pulumi-delivery";
import type { Manifest } from "pulumi-delivery";
import { title } from "./title";

${variant.before ?? ""}
void writeSync;
const extra: Manifest = {
  apiVersion: "v1", kind: "ConfigMap", metadata: { name: "extra" },
  data: { text: readFileSync(join(__dirname, "extra.txt"), "utf8"), mark: ${JSON.stringify(mark)}, title },
};

export const pipeline = definePipeline({
  app: "shop",
  ${namespace === undefined ? "" : `namespace: ${JSON.stringify(namespace)},`}
  ${variant.ledger === undefined ? "" : `ledger: ${variant.ledger},`}
  source: { paths: ["app/**"] },
  images: { ${images.map(image).join(", ")} },
  clusters: { ${clusters.map((name) => `"${name}": { context: "${name}" }`).join(", ")} },
  environments: { dev: { from: "build", delivery: push(), clusters: ${JSON.stringify(clusters)} } },
  config: { ${settings} },
  manifests: ({ images, config, cluster, environment }) => [
    ...app({ name: "shop", image: images.shop, port: 8080, replicas: Number(config.replicas) }),
    extra,
    { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "place" }, data: { cluster, environment } },
    ${variant.objects ?? ""}
  ],
});
`;
}
