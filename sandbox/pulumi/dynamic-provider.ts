import { createRequire } from "node:module";
import { join } from "node:path";
import { onEnd } from "./plugin-server/lifetime.ts";
import { runSdk } from "./sdk.ts";

/**
 * Starts the SDK's provider of dynamic resources. `@pulumi/pulumi` has a shell script for this; here it costs
 * one start of Node less, and the provider ends with the engine, also when that is killed.
 */
const fromProgram = createRequire(join(process.cwd(), "program.js"));
onEnd(() => process.exit());
try {
  runSdk(fromProgram.resolve("@pulumi/pulumi/cmd/dynamic-provider"));
} catch (error) {
  if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
  console.error(`@pulumi/pulumi is not installed in ${process.cwd()}: run "npm install" there.`);
  process.exit(1);
}
