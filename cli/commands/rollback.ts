import type { Command } from "../shell/contract";
import { ENVIRONMENT } from "./common";

export const rollback: Command = {
  name: "rollback",
  summary: "Bring an environment back to a release that has succeeded there",
  details:
    "Checks that its images are still in their registries and that its code fits the database's schema, writes it into " +
    "the environment's file, and holds the environment, so that nothing is promoted to it until the hold is lifted. " +
    "Nothing is built; guards do not stand in the way. With --cluster only those clusters go back: they are pinned.",
  arguments: [ENVIRONMENT],
  options: [
    {
      name: "to",
      value: "R",
      summary: "another one than the last that has succeeded: its id, or the start of its hash",
    },
    {
      name: "cluster",
      value: "C",
      summary: "only this cluster of it, which stays back until its pin is lifted",
      repeats: true,
    },
    { name: "reason", value: "TEXT", summary: "why, for the hold" },
    { name: "until", value: "TIME", summary: "the end of the hold; else a week from now" },
    { name: "up", summary: "deliver it, too" },
  ],
  examples: [
    { line: "delivery rollback prod --reason INC-231 --up", what: "at once" },
    { line: "delivery rollback prod --to 7f3c9a1b", what: "to that release" },
    { line: "delivery rollback prod --cluster us-1 --up", what: "one cluster, the others stay" },
    { line: "delivery hold prod --lift", what: "when it is over" },
  ],
  load: async () => (await import("../rollback/run.js")).rollback,
};
