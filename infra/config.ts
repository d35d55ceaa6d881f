import * as pulumi from "@pulumi/pulumi";
import { buildkit, stackSettings } from "pulumi-delivery";
import type { PipelineAgentsArgs, PipelineComponentArgs } from "pulumi-delivery";

/** What this stack's file and Pulumi itself say. Nothing else of the program reads configuration. */
export function readSettings(): Omit<PipelineComponentArgs, "pipeline"> {
  const config = new pulumi.Config("delivery");
  const builder = config.get("builder");
  return {
    stack: pulumi.getStack(),
    root: pulumi.getRootDirectory(),
    ...stackSettings(config),
    secret: (name) => pulumi.runtime.getConfig(name),
    ...(builder === undefined ? {} : { builder: buildkit({ builder }) }),
  };
}

/** What the stack `agents` installs. */
export function readAgents(): Omit<PipelineAgentsArgs, "pipeline"> {
  const config = new pulumi.Config("delivery");
  return {
    root: pulumi.getRootDirectory(),
    agents: config.getObject("agents"),
    ledger: config.get("ledger"),
    secret: (name) => pulumi.runtime.getConfig(name),
  };
}
