import type { ArgumentSpec } from "../shell/contract";

/** The environment that a command is about. */
export const ENVIRONMENT: ArgumentSpec = {
  name: "ENV",
  summary: "an environment of the pipeline",
  required: true,
  offer: "environments",
};
