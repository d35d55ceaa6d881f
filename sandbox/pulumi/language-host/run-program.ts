import { runSdk } from "../sdk.ts";

/** `node run-program.ts …/@pulumi/pulumi/cmd/run/index.js …`: as if Node had been told to run that file. */
process.argv.splice(1, 1);
runSdk(process.argv[1] ?? "");
