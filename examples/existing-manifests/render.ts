// node examples/existing-manifests/render.ts prod us-1 FOLDER
import { makeRelease, render, writeRendered } from "pulumi-delivery";
import { pipeline } from "./pipeline.ts";

const [environment = "dev", cluster = "dev-1", folder = "rendered"] = process.argv.slice(2);
const release = makeRelease(pipeline.app, {
  commit: "0".repeat(40),
  sources: "0".repeat(64),
  images: { shop: `registry.example.com/acme/shop@sha256:${"a".repeat(64)}` },
});

const { config } = pipeline;
const { objects, contentHash } = render(pipeline, {
  root: import.meta.dirname,
  release,
  environment,
  cluster,
  config,
});
writeRendered(folder, objects);
console.log(`${objects.length} objects with the content hash ${contentHash} are in ${folder}`);
