import type { Command } from "../shell/contract";
import { ENVIRONMENT } from "./common";

export const promote: Command = {
  name: "promote",
  summary: "Bring a release from the environment before to this one",
  details:
    "Judges it by the environment's guards, shows what changes and the way back, and writes the release into the " +
    "environment's file. It has to be verified where it comes from. Nothing is built and no cluster is changed, " +
    "unless --up says so.",
  arguments: [ENVIRONMENT],
  options: [
    {
      name: "release",
      value: "R",
      summary: "another one than the newest that is verified: its id, or the start of its hash",
    },
    { name: "override", value: "REASON", summary: "go on over guards that block; the reason is recorded" },
    { name: "pr", summary: "open a pull request on GitHub instead of changing the file here" },
    { name: "up", summary: "deliver it, too" },
  ],
  examples: [
    { line: "delivery promote staging", what: "dev's release; commit the file" },
    { line: "delivery promote staging --up", what: "and deliver it" },
    { line: "delivery promote prod --pr", what: "for somebody to approve" },
    { line: 'delivery promote prod --override "INC-231: fixes the outage"', what: "over a guard" },
  ],
  load: async () => (await import("../promote/run.js")).promote,
};
