import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { askSync } from "../../source/ask";
import type { NoAnswer } from "../../source/ask";
import { NO_SURVEY } from "./args";
import type { Survey, SurveyOrder } from "./args";

/** How long all of it may take, in seconds: the probes, and a ledger that may be large. */
const SECONDS = 300;
const MAX_BYTES = 512 * 1024 * 1024;
const BOUNDS = { what: "asks the clusters and the ledger", seconds: SECONDS, maxBytes: MAX_BYTES };

/**
 * Asks the clusters and the ledger all at once, for a program that has to know the answer before it declares its first
 * resource. A program that runs without an engine, as under the mocks of a test, asks nothing.
 */
export function surveySync(order: SurveyOrder): Survey | NoAnswer {
  if (pulumi.runtime.getEngine() === undefined) return NO_SURVEY;
  return askSync<Survey>(join(__dirname, "main.js"), order, BOUNDS);
}
