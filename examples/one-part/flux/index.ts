import * as pulumi from "@pulumi/pulumi";
import { PullDelivery, yamlFiles } from "pulumi-delivery";

const config = new pulumi.Config();

/** `pulumi up` returns when Flux has applied exactly this, and all of it is healthy. */
const delivery = new PullDelivery("motd", {
  clusters: [{ name: "eu", context: config.require("context") }],
  ledger: { repository: config.require("repository") },
  credentials: { kind: "token", token: config.requireSecret("readToken") },
  manifests: yamlFiles("manifests/*.yaml"),
});

/** What Flux runs where, by cluster. */
export const record = delivery.record;
