import type { Command } from "../shell/contract";

export const board: Command = {
  name: "board",
  summary: "Show what runs where and what waits",
  details:
    "Environments and their clusters with release, age, whether it is verified, what is pending, holds, pins and differences. It reads the stacks' files and the ledger; with --live it asks the clusters and the agents in them, too, and shows where they say something else.",
  arguments: [],
  options: [
    { name: "live", summary: "ask the clusters what they run, by the contexts of the kubeconfig" },
    { name: "md", summary: "as a Markdown table, for a job summary" },
    {
      name: "html",
      value: "FILE",
      summary: "write it as one self-contained page, and print its path",
      offer: "files",
    },
    {
      name: "watch",
      summary: "again and again, until Ctrl+C; with --html the page is written again",
    },
    { name: "every", value: "SECONDS", summary: "how long --watch waits between two looks; else 10" },
  ],
  examples: [
    { line: "delivery board", what: "what runs where, from the ledger" },
    { line: "delivery board --live --watch", what: "and from the clusters, again and again" },
    { line: "delivery board --html board.html", what: "a page to publish; it makes no request" },
    { line: 'delivery board --md >> "$GITHUB_STEP_SUMMARY"', what: "in a job of GitHub Actions" },
  ],
  load: async () => (await import("../board/run.js")).board,
};
