import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { CHECKOUT } from "../sandbox/paths.ts";
import { loadPipeline } from "./pipeline/load.ts";
import { renderTo } from "./pipeline/render.ts";

const USAGE =
  "npm run render -- ENVIRONMENT --out DIR [--project FOLDER]   writes what its clusters are told to run into DIR";

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { out: { type: "string" }, project: { type: "string" } },
});
const [environment] = positionals;

try {
  if (environment === undefined || positionals.length > 1 || values.out === undefined)
    throw new Error(`Name one environment and a folder.\n${USAGE}`);
  const root = values.project ?? CHECKOUT;
  // npm runs a script in the folder of package.json, and says where it was called.
  const out = resolve(process.env["INIT_CWD"] ?? ".", values.out);
  const lists = renderTo(root, await loadPipeline(root), environment, out);
  for (const [cluster, { objects, by }] of lists)
    console.log(`${join(out, "clusters", cluster)}: ${objects.length} objects, from the ${by}`);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
