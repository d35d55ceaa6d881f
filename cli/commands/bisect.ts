import type { Command } from "../shell/contract";
import { ENVIRONMENT } from "./common";

export const bisect: Command = {
  name: "bisect",
  summary: "Find the release of a bad batch that broke an environment",
  details:
    "After a rollback: tries the releases between the one that its file names and the bad one, in halves, each on one " +
    "cluster, the canary, while it pins the others to what they run; the wave's checks, and your own program, say whether it is good. " +
    "The other clusters stay as they are. At the end the canary is back, too, and the first bad release is named with " +
    "its changes.",
  arguments: [ENVIRONMENT],
  options: [
    {
      name: "bad",
      value: "R",
      summary: "a bad release; else the last one that was left by a rollback or failed",
    },
    { name: "cluster", value: "C", summary: "where to try; else the first cluster of the first wave" },
    {
      name: "test",
      value: "PROGRAM",
      summary:
        "run after each delivery, with DELIVERY_RELEASE and DELIVERY_CLUSTER: 0 is good, 125 undecided, else bad",
      offer: "files",
    },
    { name: "plan", summary: "only list what would be tried" },
  ],
  examples: [
    { line: "delivery bisect staging --plan", what: "the releases in question" },
    { line: "delivery bisect staging", what: "judged by the wave's checks" },
    { line: "delivery bisect staging --bad 7f3c9a1b --test ./smoke.sh", what: "and by a program of yours" },
  ],
  load: async () => (await import("../bisect/run.js")).bisect,
};
