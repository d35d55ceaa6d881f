import * as pulumi from "@pulumi/pulumi";
import { GitCommit, toYaml } from "pulumi-delivery";

const config = new pulumi.Config();
const settings = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "motd" },
  data: { TEXT: "Welcome" },
};

/** The branch is made when it is not there; of it, only this folder is ever touched. */
const published = new GitCommit("settings", {
  repository: config.require("repository"),
  branch: "settings",
  prefixes: ["clusters/eu"],
  files: { "clusters/eu/settings.yaml": toYaml([settings]) },
  message: { subject: "Settings of eu" },
});

/** The commit that has them. */
export const commit = published.commit;
