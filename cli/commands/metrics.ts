import type { Command } from "../shell/contract";
import { ENVIRONMENT } from "./common";

export const metrics: Command = {
  name: "metrics",
  summary: "Show deployment frequency, lead time, change failure rate and time to restore",
  details:
    "From the ledger's history and Git, for each environment. Failed updates are taken from the stack's history where pulumi can read it; docs/awareness.md has the definitions.",
  arguments: [{ ...ENVIRONMENT, required: false }],
  options: [
    { name: "days", value: "N", summary: "how many days back from now, 30 by default" },
    { name: "openmetrics", summary: "in the text format of OpenMetrics, for Prometheus and others" },
  ],
  examples: [
    { line: "delivery metrics", what: "every environment, the last 30 days" },
    { line: "delivery metrics prod --days 90 --json", what: "one environment, for programs" },
    { line: "delivery metrics --openmetrics > delivery.prom", what: "for a collector of text files" },
  ],
  load: async () => (await import("../metrics/run.js")).metrics,
};
