import type { Command } from "../shell/contract";
import { ENVIRONMENT } from "./common";

export const render: Command = {
  name: "render",
  summary: "Write what an environment's clusters are told to run as files",
  details:
    "One file for each object, below clusters/<name>/: the bytes that the ledger gets. No cluster and no registry is " +
    "asked, and no secret is written.",
  arguments: [ENVIRONMENT],
  options: [
    {
      name: "out",
      value: "DIR",
      summary: "a folder that is absent, empty or of an earlier render",
      offer: "folders",
    },
  ],
  examples: [
    {
      line: "delivery render prod --out rendered/prod",
      what: "then look, diff or check it with other tools",
    },
  ],
  load: async () => (await import("../render/run.js")).renderFiles,
};
