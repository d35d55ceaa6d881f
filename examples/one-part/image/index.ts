import * as pulumi from "@pulumi/pulumi";
import { buildkit, Image } from "pulumi-delivery";

const config = new pulumi.Config();

/** Its tag is a hash of the folder: what the registry has already is neither built nor pushed. */
const image = new Image("web", {
  repository: config.require("repository"),
  context: "./app",
  builder: buildkit(),
});

/** For whatever runs it: `registry.example.com/acme/web@sha256:…` */
export const ref = image.ref;
