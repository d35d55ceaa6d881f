// One publisher in a process of its own: node writer.mjs SETTINGS. Beside it lies an installed library.
import { randomBytes } from "node:crypto";
import { createRequire } from "node:module";
import process from "node:process";

// Without Pulumi's SDK, which the rest of the library loads.
const { publish } = createRequire(import.meta.url)(
  `${process.cwd()}/node_modules/pulumi-delivery/dist/components/ledger/publish`,
);

const { args, rounds, killAt, announce, noiseBytes } = JSON.parse(process.argv[2]);

/** What a round publishes: every round another text, and a file that comes and goes. */
function filesOf(round) {
  const [prefix] = args.prefixes;
  const files = new Map([[`${prefix}/app.yaml`, `round: ${round}\nwriter: ${prefix}\n`]]);
  files.set(`${prefix}/${round % 2 === 0 ? "even" : "odd"}.yaml`, "x: 1\n");
  return files;
}

/** Text that does not get smaller. */
function noise() {
  return new Map([[`${args.prefixes[0]}/noise.yaml`, randomBytes(noiseBytes / 2).toString("hex")]]);
}

function contentOf(round) {
  if (noiseBytes !== undefined) return noise();
  return args.files === undefined ? filesOf(round) : new Map(Object.entries(args.files));
}

function onStep(step) {
  if (announce) process.stdout.write(`${step}\n`);
  if (step === killAt) process.kill(process.pid, "SIGKILL");
}

async function main() {
  let known;
  for (let round = 1; round <= rounds; round++) {
    const files = contentOf(round);
    const made = await publish({ ...args, files, ...(known === undefined ? {} : { known }) }, { onStep });
    if (made.result !== "published" && !announce) throw new Error(`round ${round}: ${made.result}`);
    known = { head: made.head, trees: made.trees };
  }
}

main().catch((error) => {
  process.stderr.write(`${error.stack ?? error}\n`);
  process.exitCode = 1;
});
