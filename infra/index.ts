import { Pipeline } from "pulumi-delivery";
import { readSettings } from "./config";
import { pipeline } from "./pipeline";

const stack = new Pipeline(pipeline.app, { pipeline, ...readSettings() });

/** The release that the stack `build` made, or that this environment runs. */
export const release = stack.release;
/** What runs where, by cluster. */
export const record = stack.record;
