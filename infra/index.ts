import { AGENTS_STACK, Pipeline, PipelineAgents } from "pulumi-delivery";
import { readAgents, readSettings } from "./config";
import { pipeline } from "./pipeline";

const settings = readSettings();

/** Flux, in the clusters that an environment leaves to it. */
function agents() {
  const { clusters } = new PipelineAgents(AGENTS_STACK, { pipeline, ...readAgents() });
  return { clusters };
}

/** The release that the stack `build` made, or that this environment runs, and what runs where, by cluster. */
function delivery() {
  const { release, record } = new Pipeline(pipeline.app, { pipeline, ...settings });
  return { release, record };
}

/** The outputs of this stack: others than these would be undefined, which Pulumi warns of. */
module.exports = settings.stack === AGENTS_STACK ? agents() : delivery();
