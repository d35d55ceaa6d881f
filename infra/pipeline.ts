import { app, definePipeline, flux, forwardOnly, maxAge, maxPending, push, soak } from "pulumi-delivery";

/** How the sample application gets from a commit to its clusters. Plain data: importing it does nothing. */
export const pipeline = definePipeline({
  app: "shop",
  ledger: { repository: "https://github.com/acme/deploy.git" },
  source: { paths: ["examples/shop/**"] },
  images: { shop: { repository: "registry.example.com/acme/shop", context: "examples/shop" } },
  clusters: {
    "dev-1": { context: "dev-1" },
    "eu-1": { context: "eu-1" },
    "us-1": { context: "us-1" },
    "prod-1": { context: "prod-1" },
  },
  environments: {
    dev: { from: "build", delivery: push(), clusters: ["dev-1"] },
    staging: {
      from: "dev",
      delivery: push(),
      waves: [
        { name: "canary", clusters: ["eu-1"] },
        { name: "rest", clusters: ["us-1"] },
      ],
    },
    prod: {
      from: "staging",
      delivery: flux({ credentials: { kind: "token", token: { config: "delivery:readToken" } } }),
      clusters: ["prod-1"],
      guards: [
        maxPending({ warn: 8, block: 20 }),
        maxAge({ warn: "2d", block: "7d" }),
        soak("10m"),
        forwardOnly(),
      ],
    },
  },
  config: { replicas: 1, greeting: "Welcome to the shop" },
  manifests: ({ images, config }) =>
    app({
      name: "shop",
      image: images.shop,
      port: 8080,
      replicas: config.replicas,
      config: { GREETING: config.greeting },
    }),
});
