import type { Command } from "../shell/contract";

export const images: Command = {
  name: "images",
  summary: "List the images that nothing needs any more, and remove them",
  details:
    "prune lists the images of the pipeline's repositories that no cluster runs, no file or hold names, and no way back " +
    "leads to. With --delete they are removed from their registries, with every platform that nothing else names. An " +
    "image with a tag of somebody else stays. When it is not known what some cluster runs, nothing is removed.",
  arguments: [{ name: "ACTION", summary: "prune", required: true, offer: ["prune"] }],
  options: [
    {
      name: "keep",
      value: "N",
      summary: "how many releases that have succeeded stay, in each environment; else 10",
    },
    { name: "delete", summary: "remove them; without it they are only listed" },
  ],
  examples: [
    { line: "delivery images prune", what: "what could go" },
    { line: "delivery images prune --keep 20 --delete", what: "and away with it" },
  ],
  load: async () => (await import("../images/run.js")).images,
};
