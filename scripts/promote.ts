import { parseArgs } from "node:util";
import { CHECKOUT } from "../sandbox/paths.ts";
import { loadPipeline } from "./pipeline/load.ts";
import { promote } from "./pipeline/promote.ts";

const USAGE =
  "npm run promote -- ENVIRONMENT [--project FOLDER]   copies the release of its upstream into its file";

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { project: { type: "string" } },
});
const [environment] = positionals;

try {
  if (environment === undefined || positionals.length > 1) throw new Error(`Name one environment.\n${USAGE}`);
  const root = values.project ?? CHECKOUT;
  const { from, release, changed } = await promote(root, await loadPipeline(root), environment);
  console.log(`${environment} ${changed ? "is now to run" : "has already"} ${release.id}, from ${from}`);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
