import { AGENTS_STACK, Pipeline, PipelineAgents } from "pulumi-delivery";
import { readAgents, readSettings } from "./config";
import { pipeline } from "./pipeline";

const settings = readSettings();
const isAgents = settings.stack === AGENTS_STACK;
const stack = isAgents ? undefined : new Pipeline(pipeline.app, { pipeline, ...settings });
const agents = isAgents ? new PipelineAgents(AGENTS_STACK, { pipeline, ...readAgents() }) : undefined;

/** The release that the stack `build` made, or that this environment runs. */
export const release = stack?.release;
/** What runs where, by cluster. */
export const record = stack?.record;
/** The clusters that have an agent. */
export const clusters = agents?.clusters;
