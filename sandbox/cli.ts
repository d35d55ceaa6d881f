import { Command, InvalidArgumentError, Option } from "commander";
import { isFluxInstalled, PULL_CONTROLLERS, startFlux, writeFluxManifests } from "./flux/index.ts";
import { readInfo, listSandboxes } from "./info.ts";
import type { SandboxInfo } from "./info.ts";
import { sandboxDir } from "./paths.ts";
import { isAlive, lastLines, listRecords } from "./processes/index.ts";
import { ensureTools, FLUX_VERSION } from "./toolchain/index.ts";
import { clusterNames, DEFAULT_CLUSTERS, DEFAULT_NAME, downSandbox, upSandbox } from "./sandbox.ts";

interface UpFlags {
  readonly name: string;
  readonly clusters: number;
  readonly registryAuth: "none" | "basic" | "token";
  readonly docker?: boolean;
  readonly json?: true;
}
interface Flags {
  readonly name: string;
  readonly json?: true;
  readonly all?: true;
}

/** Lines of one part's log, and of each when all are shown. */
const LOG_LINES = 200;
const END_LINES = 5;
const MAX_CLUSTERS = 20;
const named = new Option("--name <name>", "which sandbox; two of different names do not meet").default(
  DEFAULT_NAME,
);
const asJson = new Option("--json", "print JSON for a program, with the tokens in it");

const program = new Command("sandbox").description(
  "Real parts of a delivery on this machine: clusters, registry, Git server, BuildKit, Pulumi.",
);
program
  .command("up")
  .description("start it, or what is missing of it; the first time, this builds the tools")
  .addOption(named)
  .option("--clusters <count>", "how many clusters", wholeNumber, DEFAULT_CLUSTERS.length)
  .addOption(
    new Option("--registry-auth <mode>", "how the registry knows its users")
      .choices(["none", "basic", "token"])
      .default("none"),
  )
  .option("--docker", "start a Docker Engine, too, unless one answers")
  .addOption(asJson)
  .action(up);
program
  .command("down")
  .description("stop it and remove all that it kept")
  .addOption(named)
  .option("--all", "every sandbox of this checkout")
  .addOption(asJson)
  .action(down);
program.command("status").description("what runs").addOption(named).addOption(asJson).action(status);
program
  .command("env")
  .description('the variables that a program needs: eval "$(npm run --silent sandbox -- env)"')
  .addOption(named)
  .addOption(asJson)
  .action(env);
program
  .command("flux")
  .description(
    "Flux for delivery by pull: what to install, and its controllers beside the clusters that have it",
  )
  .addOption(named)
  .addOption(asJson)
  .action(flux);
program
  .command("logs")
  .argument("[part]", "the part, as status names it; without one, the end of every log")
  .description("what the parts have said")
  .addOption(named)
  .addOption(asJson)
  .action(logs);

try {
  await program.parseAsync();
} catch (error) {
  console.error(`✗ ${(error as Error).message}`);
  process.exitCode = 1;
}

async function up({ name, clusters, registryAuth, docker = false, json }: UpFlags): Promise<void> {
  const onStep = (line: string): void => console.error(`✓ ${line}`);
  const info = await upSandbox({ name, clusters: clusterNames(clusters), registryAuth, docker, onStep });
  if (json) return console.log(JSON.stringify(info, null, 2));
  console.log(`\nSandbox "${name}" is up.`);
  console.log(`clusters   ${info.clusters.map((cluster) => cluster.name).join(", ")}`);
  console.log(`registry   ${info.registry.address}`);
  console.log(`Git        ${info.git.url}`);
  console.log(`use it     eval "$(npm run --silent sandbox -- env --name ${name})"`);
}

async function down({ name, all, json }: Flags): Promise<void> {
  const names = all ? listSandboxes() : [name];
  for (const each of names) {
    await downSandbox(each);
    if (!json) console.log(`Sandbox "${each}" is down, and nothing is left of it.`);
  }
  if (json) console.log(JSON.stringify(names, null, 2));
}

function status({ name, json }: Flags): void {
  const parts = listRecords(sandboxDir(name)).map((record) => ({
    part: record.name,
    pid: record.pid,
    runs: isAlive(record),
  }));
  if (json) return console.log(JSON.stringify(parts, null, 2));
  if (parts.length === 0)
    console.log(`Sandbox "${name}" is down. Start it with: npm run sandbox -- up --name ${name}`);
  for (const { part, pid, runs } of parts)
    console.log(`${runs ? "runs   " : "stopped"}  ${part} (process ${pid})`);
  if (parts.some(({ runs }) => !runs)) process.exitCode = 1;
}

function env({ name, json }: Flags): void {
  const { env: variables } = infoOf(name);
  if (json) return console.log(JSON.stringify(variables, null, 2));
  for (const [key, value] of Object.entries(variables)) console.log(`export ${key}=${quoted(value)}`);
}

/** Called once before Flux is installed, for its manifests, and once after. */
async function flux({ name, json }: Flags): Promise<void> {
  const { dir, clusters } = infoOf(name);
  const tools = await ensureTools(["kubectl", ...PULL_CONTROLLERS]);
  const path = await writeFluxManifests(dir, tools.kubectl, PULL_CONTROLLERS);
  const agents = { version: FLUX_VERSION, manifests: { path }, components: PULL_CONTROLLERS };
  const there = await Promise.all(clusters.map((cluster) => isFluxInstalled(cluster, PULL_CONTROLLERS)));
  const started = clusters.filter((_, index) => there[index]);
  await Promise.all(started.map((cluster) => startFlux(dir, cluster, tools, PULL_CONTROLLERS)));
  const names = started.map((cluster) => cluster.name);
  if (json) return console.log(JSON.stringify({ agents, started: names }, null, 2));
  console.log(`to install   delivery:agents: ${JSON.stringify(agents)}`);
  console.log(`runs beside  ${names.join(", ") || "no cluster: install it, and call this again"}`);
}

function logs(part: string | undefined, { name, json }: Flags): void {
  const records = listRecords(sandboxDir(name)).filter(
    (record) => part === undefined || record.name === part,
  );
  if (records.length === 0)
    throw new Error(`Sandbox "${name}" has no log${part ? ` of ${part}; "status" names the parts` : ""}.`);
  const lines = part === undefined ? END_LINES : LOG_LINES;
  const ends = records.map(({ name: of, log }) => ({ part: of, file: log, end: lastLines(log, lines) }));
  if (json) return console.log(JSON.stringify(ends, null, 2));
  for (const { part: of, end } of ends) {
    if (part === undefined) console.log(`\n── ${of} ${"─".repeat(Math.max(0, 60 - of.length))}`);
    console.log(end);
  }
}

function infoOf(name: string): SandboxInfo {
  const info = readInfo(name);
  if (info !== undefined) return info;
  throw new Error(`Sandbox "${name}" is not up. Start it with: npm run sandbox -- up --name ${name}`);
}

function wholeNumber(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= MAX_CLUSTERS) return count;
  throw new InvalidArgumentError(`give a whole number from 1 to ${MAX_CLUSTERS}.`);
}

function quoted(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`;
}
