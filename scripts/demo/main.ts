import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { AGENTS_STACK, BUILD_STACK, ledgerBranch, readStackFile, stackFilePath } from "pulumi-delivery";
import type { PipelineDefinition } from "pulumi-delivery";
import { run, tryRun } from "../../sandbox/processes/index.ts";
import { DEFAULT_CLUSTERS, DEFAULT_NAME, upSandbox } from "../../sandbox/sandbox.ts";
import type { SandboxInfo } from "../../sandbox/info.ts";
import { PULL_CONTROLLERS } from "../../sandbox/flux/index.ts";
import { createRepository, gitCredentials } from "../../sandbox/git/index.ts";
import type { GitServer } from "../../sandbox/git/index.ts";
import { loadPipeline } from "../pipeline/load.ts";
import { agentSettings, readToken, startAgents } from "./agents.ts";
import { showBoard } from "./board.ts";
import { ledgerLog } from "./ledger-log.ts";
import { promoteFirst, promoteTo, writeNextChange } from "./next-change.ts";
import { runPulledImage } from "./pulled-image.ts";
import { runningTable } from "./report.ts";
import { playRollback } from "./rollback.ts";
import { Say } from "./say.ts";
import { openStack, upStack } from "./stacks.ts";
import type { StackRun } from "./stacks.ts";
import { WorkTree } from "./work-tree.ts";
import type { Remote } from "./work-tree.ts";

const USAGE = `npm run demo [-- --name NAME] [--act rollback]

From a commit to four clusters on this machine: starts the sandbox, builds and pushes the sample application's image, and
delivers it to dev and staging by push, then to prod, where Flux applies what the ledger says; each wave is a commit of the
ledger. Run it again: nothing changes. Change examples/shop/main.go, or a manifest in infra/pipeline.ts, and run it again:
just that is shipped: to dev and staging. Before prod it waits in its turn; what waited there goes on, if it has soaked. At
the end comes the board: what runs where, and what waits. "--act rollback" goes on with a release that is taken back. The
sandbox stays up; "npm run sandbox -- down" stops it and removes what it kept.`;

/** Those of the reference pipeline. */
const CLUSTERS = [...DEFAULT_CLUSTERS, "prod-1"];
const DEPLOY_REPOSITORY = "deploy";
const PROD = "prod";

const { values } = parseArgs({
  options: { name: { type: "string", default: "demo" }, act: { type: "string" }, help: { type: "boolean" } },
});
const say = new Say();

try {
  const isAct = values.act === undefined || values.act === "rollback";
  if (values.help || !isAct)
    console.log(isAct ? USAGE : `There is one other act: --act rollback\n\n${USAGE}`);
  else await demo(values.name);
} catch (error) {
  console.error(`\n✗ ${(error as Error).message}`);
  process.exitCode = 1;
}

async function demo(name: string): Promise<void> {
  const onStep = (line: string): void => say.line("sandbox", line);
  const sandbox = await upSandbox({ name, clusters: CLUSTERS, tools: PULL_CONTROLLERS, onStep });
  Object.assign(process.env, sandbox.env);
  const tree = new WorkTree(join(sandbox.dir, "project"), await remoteOf(sandbox.git, "shop"));
  const ledger = (await remoteOf(sandbox.git, DEPLOY_REPOSITORY)).url;
  await tree.refresh();
  const pipeline = await loadPipeline(tree.root);
  const stacks = await openStacks(tree, pipeline, sandbox, ledger);
  const runs = await play({ tree, stacks, sandbox });
  await showPulledImage(runs, sandbox);
  await showLedger(pipeline, ledger);
  await showTable(runs, sandbox);
  await showBoard(tree.root, sandbox.dir);
  if (values.act === "rollback") await playRollback({ tree, folder: sandbox.dir, say });
}

/** What is delivered, and from where. */
interface Stage {
  readonly tree: WorkTree;
  /** In the order of the pipeline; the agents before the first environment that is left to them. */
  readonly stacks: readonly Stack[];
  readonly sandbox: SandboxInfo;
}

/**
 * The first time, everything is brought to every environment, and then one more change as far as staging. From then on
 * that change is part of the sources; a new one follows it, and takes its place before prod.
 */
async function play(stage: Stage): Promise<StackRun[]> {
  const { tree, stacks } = stage;
  const isFirst = readStackFile(stackFilePath(tree.root, PROD)).release === undefined;
  if (!isFirst) writeNextChange(tree);
  const isChanged = await commitSources(tree);
  if (!isFirst && isChanged) await promoteTo(PROD, { tree, say });
  const runs = await deliver(stage, isFirst);
  if (!isFirst) return runs;
  writeNextChange(tree);
  const commit = await tree.commit("feat: a warmer welcome");
  if (commit === undefined) return runs;
  say.line("commit", `${commit} pushed: one more change, a greeting`);
  const upstream = stacks.filter(({ name }) => name !== PROD && name !== AGENTS_STACK);
  return [...runs, ...(await deliver({ ...stage, stacks: upstream }, false))];
}

/** All stacks before the first commit, since making one writes its file. */
async function openStacks(
  tree: WorkTree,
  pipeline: PipelineDefinition,
  sandbox: SandboxInfo,
  ledger: string,
): Promise<Stack[]> {
  const settings = { root: tree.root, env: sandbox.env };
  const config = {
    "delivery:registry": { value: sandbox.registry.address },
    "delivery:builder": { value: sandbox.builder },
  };
  const stacks = [await openStack(BUILD_STACK, settings, config)];
  const agents = { "delivery:agents": { value: JSON.stringify(await agentSettings(sandbox)) } };
  const token = { value: await readToken(sandbox, DEPLOY_REPOSITORY), secret: true };
  for (const [name, { delivery }] of Object.entries(pipeline.environments)) {
    const isPulled = delivery.mode === "flux";
    if (isPulled) stacks.push(await openStack(AGENTS_STACK, settings, agents));
    const read = isPulled ? { "delivery:readToken": token } : {};
    stacks.push(await openStack(name, settings, { "delivery:ledger": { value: ledger }, ...read }));
  }
  return stacks;
}

/** A repository of the sandbox's Git server, made when it is not there. */
async function remoteOf(git: GitServer, name: string): Promise<Remote> {
  const url = `${git.url}${git.organization}/${name}.git`;
  const credentials = gitCredentials(git);
  const { code } = await tryRun("git", ["ls-remote", url], { env: { ...process.env, ...credentials } });
  if (code !== 0) await createRepository(git, name);
  return { url, credentials };
}

/** Returns whether anything was to be committed. */
async function commitSources(tree: WorkTree): Promise<boolean> {
  const commit = await tree.commit("feat: the sample application as it is in the checkout");
  say.line("commit", commit === undefined ? "no change in examples/shop or infra" : `${commit} pushed`);
  const flags = ["-trimpath", "-ldflags", "-s -w -buildid="];
  const env = { ...process.env, CGO_ENABLED: "0", GOFLAGS: "-buildvcs=false" };
  await run("go", ["build", ...flags, "-o", "build/shop", "."], {
    cwd: join(tree.root, "examples", "shop"),
    env,
  });
  return commit !== undefined;
}

/** Build, then each environment from the one before it. To prod, only the first release goes without having waited. */
async function deliver({ tree, stacks, sandbox }: Stage, isFirst: boolean): Promise<StackRun[]> {
  const runs: StackRun[] = [];
  for (const stack of stacks) {
    const isEnvironment = ![BUILD_STACK, AGENTS_STACK, PROD].includes(stack.name);
    if (isEnvironment) await promoteTo(stack.name, { tree, say });
    if (isFirst && stack.name === PROD) await promoteFirst(PROD, { tree, say });
    const run = await say.during(`pulumi up ${stack.name}`, async (onOutput) => {
      const result = await upStack(stack, onOutput);
      return { result, said: result.summary };
    });
    if (stack.name === AGENTS_STACK) await showAgents(run, sandbox);
    runs.push(run);
  }
  return runs;
}

async function showAgents({ clusters }: StackRun, sandbox: SandboxInfo): Promise<void> {
  await say.during("Flux", async () => {
    await startAgents(sandbox, clusters);
    return { result: undefined, said: `its controllers run beside ${clusters.join(", ")}` };
  });
}

async function showPulledImage([build]: readonly StackRun[], { dir }: SandboxInfo): Promise<void> {
  for (const [name, ref] of Object.entries(build?.release.images ?? {})) {
    const version = await runPulledImage(ref, join(dir, "pulled"));
    say.line("image", `${name} pulled back by digest, run on this machine: healthy, version ${version}`);
  }
}

/** What every environment was told to run, and when: the branches of the ledger. */
async function showLedger(pipeline: PipelineDefinition, repository: string): Promise<void> {
  const environments = Object.keys(pipeline.environments);
  const branches = environments.map((name) => ledgerBranch(pipeline.app, name));
  console.log(`\n${await ledgerLog(repository, branches)}\n`);
  say.line("ledger", `git clone ${repository}; each environment is a branch of it`);
}

async function showTable(runs: readonly StackRun[], sandbox: SandboxInfo): Promise<void> {
  const changes = runs.reduce((sum, { changes: count }) => sum + count, 0);
  const newest = [...new Map(runs.map((run) => [run.stack, run])).values()];
  console.log(`\n${await runningTable(newest, sandbox.clusters)}\n`);
  console.log(
    `${changes === 0 ? "Nothing had to change." : `${changes} resources changed.`} KWOK's nodes fake their pods.`,
  );
  console.log(`export KUBECONFIG=${sandbox.kubeconfig}`);
  const name = sandbox.name === DEFAULT_NAME ? "" : ` --name ${sandbox.name}`;
  const delivery = `npm run --silent delivery -- pending prod --project ${join(sandbox.dir, "project")}`;
  console.log(`Go on by hand: eval "$(npm run --silent sandbox -- env${name})" && ${delivery}`);
}
