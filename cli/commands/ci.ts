import type { Command } from "../shell/contract";

export const ci: Command = {
  name: "ci",
  summary: "Write the pipeline of a CI system from infra/pipeline.ts",
  details:
    "A preview on pull requests, the build on main, one job and one approval for each environment, its waves inside. " +
    "Without --write or --check it prints the file.",
  arguments: [
    {
      name: "HOST",
      summary: "github, circleci or jenkins",
      required: true,
      offer: ["github", "circleci", "jenkins"],
    },
  ],
  options: [
    { name: "write", summary: "write the file into the project" },
    { name: "check", summary: "exit with code 4 when the file is not what would be written" },
  ],
  examples: [
    { line: "delivery ci github --write", what: ".github/workflows/delivery.yml" },
    { line: "delivery ci github --check", what: "in a test" },
    { line: "delivery ci jenkins", what: "print the Jenkinsfile" },
  ],
  load: async () => (await import("../ci/run.js")).ci,
};
