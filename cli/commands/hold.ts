import type { Command } from "../shell/contract";
import { ENVIRONMENT } from "./common";

export const hold: Command = {
  name: "hold",
  summary: "Keep automation away from an environment, or let it come again",
  details:
    "Writes delivery:hold into the environment's file: while it holds, nothing is promoted to it. " +
    "Commit the file to tell everybody. What the file says already can still be delivered.",
  arguments: [ENVIRONMENT],
  options: [
    { name: "reason", value: "TEXT", summary: "why, as the number of an incident" },
    { name: "until", value: "TIME", summary: "2026-12-01 or 2026-12-01T08:00Z; else until it is lifted" },
    { name: "lift", summary: "end the hold" },
    {
      name: "cluster",
      value: "C",
      summary: "with --lift: let this cluster, which a rollback has pinned, come again",
      repeats: true,
    },
  ],
  examples: [
    { line: "delivery hold prod --reason INC-231 --until 2026-12-01", what: "for a while" },
    { line: "delivery hold prod --lift", what: "it is over" },
    { line: "delivery hold prod --cluster us-1 --lift", what: "that cluster goes with the others again" },
    { line: "delivery hold prod", what: "is it held?" },
  ],
  load: async () => (await import("../hold/run.js")).hold,
};
