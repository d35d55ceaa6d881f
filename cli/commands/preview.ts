import type { Command } from "../shell/contract";

export const preview: Command = {
  name: "preview",
  summary: "What a change of the checkout would do to each environment, before it is merged",
  details:
    "For every environment whose file or pipeline differs from the base: release, commits, clusters, guards, the way " +
    "back, and how the objects change. No cluster is asked and nothing is changed. Ends with code 3 when a guard or a hold forbids it.",
  arguments: [],
  options: [
    { name: "md", summary: "Markdown, for the comment of a pull request" },
    { name: "base", value: "REF", summary: "what it is compared with; else origin/main" },
  ],
  examples: [
    { line: "delivery preview", what: "before you push" },
    { line: 'delivery preview --md --base "$BASE" > comment.md', what: "in CI" },
  ],
  load: async () => (await import("../preview/run.js")).preview,
};
