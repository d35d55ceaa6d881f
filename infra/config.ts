import * as pulumi from "@pulumi/pulumi";
import { buildkit } from "pulumi-delivery";
import type { PipelineComponentArgs } from "pulumi-delivery";

/** What this stack's file and Pulumi itself say. Nothing else of the program reads configuration. */
export function readSettings(): Omit<PipelineComponentArgs, "pipeline"> {
  const config = new pulumi.Config("delivery");
  const registry = config.get("registry");
  const builder = config.get("builder");
  const ledger = config.get("ledger");
  return {
    stack: pulumi.getStack(),
    root: pulumi.getRootDirectory(),
    release: config.getObject("release"),
    config: config.getObject("config"),
    hold: config.getObject("hold"),
    override: config.getObject("override"),
    pins: config.getObject("pins"),
    retired: config.getObject("retired"),
    rebuilt: config.getObject("rebuilt"),
    adopt: config.getObject("adopt"),
    allow: config.getObject("allow"),
    ...(registry === undefined ? {} : { registry }),
    ...(builder === undefined ? {} : { builder: buildkit({ builder }) }),
    ...(ledger === undefined ? {} : { ledger }),
  };
}
