import type { Command } from "../shell/contract";

export const init: Command = {
  name: "init",
  summary: "Write a pipeline for a new project: infra/, stacks/ and Pulumi.yaml",
  details: "Nothing that is there is overwritten. What it writes is yours: read it, and change it.",
  arguments: [{ name: "APP", summary: "the application's name; else the folder's", required: false }],
  options: [
    { name: "repository", value: "REPO", summary: "where its image goes, as registry.example.com/acme/shop" },
    { name: "context", value: "DIR", summary: "the folder of its Dockerfile; else app", offer: "folders" },
    { name: "ledger", value: "URL", summary: "a Git repository that records every deployment" },
  ],
  examples: [
    {
      line: "delivery init shop --repository registry.example.com/acme/shop",
      what: "in the project's folder",
    },
    { line: "pulumi stack init build && delivery up build", what: "then: the first release" },
  ],
  load: async () => (await import("../init/run.js")).init,
};
