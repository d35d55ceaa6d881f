import * as pulumi from "@pulumi/pulumi";
import { PushDelivery, yamlFiles } from "pulumi-delivery";

const config = new pulumi.Config();
const at = (name: string) => [{ name, context: config.require(name) }];

/** The rest waits until the canary is rolled out, and has been for ten seconds. */
const delivery = new PushDelivery("motd", {
  waves: [
    { name: "canary", clusters: at("canary"), bake: "10s" },
    { name: "rest", clusters: at("rest") },
  ],
  manifests: yamlFiles("manifests/*.yaml"),
});

/** What runs where, by cluster. */
export const record = delivery.record;
