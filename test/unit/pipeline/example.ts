import { app } from "../../../components/manifests";
import { push } from "../../../components/pipeline/args";
import type { PipelineArgs } from "../../../components/pipeline/args";
import { makeRelease } from "../../../components/release";

export const IMAGE = `registry.example.com/acme/shop@sha256:${"a".repeat(64)}`;

/** A pipeline of three environments, the second one in two waves. */
export const example: PipelineArgs = {
  app: "shop",
  source: { paths: ["app/**"] },
  images: { shop: { repository: "registry.example.com/acme/shop", context: "app" } },
  clusters: { dev: { context: "dev-context" }, eu: { context: "eu-context" }, us: { context: "us-context" } },
  environments: {
    dev: { from: "build", delivery: push(), clusters: ["dev"] },
    staging: {
      from: "dev",
      delivery: push(),
      waves: [
        { name: "canary", clusters: ["eu"] },
        { name: "rest", clusters: ["us"], maxParallel: 2 },
      ],
    },
    prod: { from: "staging", delivery: push(), namespace: "shop-prod", clusters: ["eu"] },
  },
  config: { replicas: 1, greeting: "hello", debug: false },
  manifests: ({ images, config }) =>
    app({ name: "web", image: images.shop ?? "", port: 8080, replicas: Number(config.replicas) }),
};

export const release = makeRelease("shop", {
  commit: "1f".repeat(20),
  sources: "b".repeat(64),
  images: { shop: IMAGE },
});
