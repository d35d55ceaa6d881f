import { definePipeline, helmTemplate, kustomize, push, yamlFiles } from "pulumi-delivery";

/** What a team has already stays where it is: plain YAML, a kustomization for each environment, and a chart. */
export const pipeline = definePipeline({
  app: "shop",
  source: { paths: ["../shop/**"], pipeline: ["*.ts"] },
  images: { shop: { repository: "registry.example.com/acme/shop", context: "../shop" } },
  clusters: {
    "dev-1": { context: "dev-1" },
    "eu-1": { context: "eu-1" },
    "us-1": {
      context: "us-1",
      overlay: [{ kind: "ConfigMap", metadata: { name: "settings" }, data: { currency: "USD" } }],
    },
  },
  environments: {
    dev: { from: "build", delivery: push(), clusters: ["dev-1"] },
    prod: {
      from: "dev",
      delivery: push(),
      clusters: ["eu-1", "us-1"],
      overlay: [{ kind: "Deployment", metadata: { name: "worker" }, spec: { replicas: 2 } }],
    },
  },
  manifests: ({ environment }) => [
    ...yamlFiles("deploy/plain/*.yaml"),
    ...kustomize(`deploy/web/overlays/${environment}`),
    ...helmTemplate({ chart: "charts/worker", hooks: "drop" }),
  ],
});
