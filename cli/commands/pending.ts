import type { Command } from "../shell/contract";
import { ENVIRONMENT } from "./common";

export const pending: Command = {
  name: "pending",
  summary: "Show what waits for an environment, how old it is, and what the guards say",
  details:
    "Counts the commits that touched the application or its pipeline between what runs there and what its upstream has verified, the releases that have them, and settings of its file that do not run yet. Without an environment it is a line for each.",
  arguments: [{ ...ENVIRONMENT, required: false }],
  options: [],
  examples: [
    { line: "delivery pending", what: "every environment in a line" },
    { line: "delivery pending prod", what: "the changes one by one, and the verdicts of prod's guards" },
    { line: "delivery pending prod --json", what: "the same for programs" },
  ],
  load: async () => (await import("../pending/run.js")).pending,
};
