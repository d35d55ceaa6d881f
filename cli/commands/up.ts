import type { Command } from "../shell/contract";

export const up: Command = {
  name: "up",
  summary: "Deliver what an environment's file says, wave by wave; or build, or install the agents",
  details:
    "pulumi up of that stack, with progress by cluster and wave. One cluster's failure lets the others of its wave " +
    "finish, and no later wave starts.",
  arguments: [
    {
      name: "ENV",
      summary: 'an environment of the pipeline, "build", or "agents"',
      required: true,
      offer: "environments",
    },
  ],
  options: [
    {
      name: "on-failure",
      value: "WHAT",
      summary:
        "stop leaves things as they are; revert-wave pins the clusters of every wave that has not passed to what has " +
        "succeeded last; revert-all brings the environment back to it",
      choices: ["stop", "revert-wave", "revert-all"],
    },
  ],
  examples: [
    { line: "delivery up build", what: "images that the registry lacks; says which release they make" },
    {
      line: "delivery up agents",
      what: "Flux in each cluster that an environment leaves to it: before that environment",
    },
    { line: "delivery up staging", what: "canary first, the rest after its gate" },
    { line: "delivery up prod --on-failure revert-all", what: "and back when it fails" },
  ],
  load: async () => (await import("../up/run.js")).up,
};
