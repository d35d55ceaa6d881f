import type { Stack, UpResult } from "@pulumi/pulumi/automation";
import { Mistake, throwIfAny } from "../../components/mistake";
import { AGENTS_STACK, BUILD_STACK } from "../../components/pipeline/args";
import { pulledClusterNames } from "../../components/pipeline/pulled";
import { readStackConfig, releaseIn, STACK_KEYS } from "../../components/promotion";
import { checkPinsKept } from "../rollback/pins-need-ledger";
import { EXIT } from "../shell/contract";
import type { Context, Project, Result } from "../shell/contract";
import type { EnvironmentOf } from "../shell/environment";
import { stackUrnOf } from "./broken-off";
import { engineWords, notBegun, withUnlock } from "./engine-words";
import { Progress } from "./progress";
import type { Layout } from "./progress";
import { stoppable } from "./stoppable";
import type { EngineRun } from "./stoppable";

/** What becomes of an environment when its update fails. */
export type OnFailure = "stop" | "revert-wave" | "revert-all";

/** What one `pulumi up` did. */
export interface UpRun {
  /** Undefined when it failed. */
  readonly done: UpResult | undefined;
  readonly errors: readonly string[];
  /** Whether it failed at a resource; false also when it was refused before any. */
  readonly hasFailed: boolean;
  /** Whether it changed anything, or tried to. */
  readonly hasBegun: boolean;
  /** Names of the waves that were let pass. */
  readonly passed: ReadonlySet<string>;
}

/** Builds what the registry lacks, and says which release it makes. */
export async function upBuild({ root, pipeline }: Project, context: Context): Promise<Result> {
  const { done, errors } = await run(root, BUILD_STACK, { app: pipeline.app, waves: [] }, context);
  if (done === undefined) return failed({ stack: BUILD_STACK }, errors);
  const release = done.outputs.release?.value as { readonly id?: string } | undefined;
  const value = { stack: BUILD_STACK, changes: changesOf(done), release };
  return { value, text: `${BUILD_STACK}: ${summaryOf(done)}; the release is ${release?.id ?? "unknown"}` };
}

/**
 * Installs or upgrades the agents in every cluster that an environment leaves to one.
 *
 * @throws Mistake when no environment does.
 */
export async function upAgents({ root, pipeline }: Project, context: Context): Promise<Result> {
  const clusters = pulledClusterNames(pipeline);
  if (clusters.length === 0) {
    throw new Mistake(`Delivering the stack ${AGENTS_STACK}`, [
      "no environment of the pipeline is left to an agent; give one delivery: flux()",
    ]);
  }
  const { done, errors } = await run(root, AGENTS_STACK, { app: pipeline.app, waves: [] }, context);
  if (done === undefined) return failed({ stack: AGENTS_STACK }, errors);
  const value = { stack: AGENTS_STACK, changes: changesOf(done), clusters };
  return { value, text: `${AGENTS_STACK}: ${summaryOf(done)}; in ${clusters.join(", ")}` };
}

/**
 * Delivers what the environment's file says.
 *
 * @throws Mistake when what is to become of a failure could not be done.
 */
export async function upEnvironment(
  place: EnvironmentOf,
  { onFailure }: { readonly onFailure: OnFailure },
  context: Context,
): Promise<Result> {
  const { project, environment, file } = place;
  throwIfAny(`Delivering ${environment}`, checkOnFailure(place, onFailure));
  const config = readStackConfig(file);
  if (config[STACK_KEYS.release] === undefined) return nothingPromoted(environment);
  const release = releaseIn(project.pipeline.app, config);
  context.progress(`${environment}: delivering ${release?.id ?? "what its file says"}`);
  const { done, errors, hasBegun, passed } = await runEnvironment(place, context);
  const value = { environment, release: release?.id ?? null };
  if (done !== undefined) {
    return { value: { ...value, changes: changesOf(done) }, text: `${environment}: ${summaryOf(done)}` };
  }
  const failure = failed(value, errors);
  if (!hasBegun) return saying(failure, onFailure === "stop" ? [] : [NOTHING_TO_REVERT]);
  if (onFailure === "stop") return saying(failure, [waysOn(environment)]);
  const { revert } = await import("./revert.js");
  return revert(place, { onFailure, passed, failure }, context);
}

/** Before anything is delivered: afterwards it would be too late to say that the way back is none. */
function checkOnFailure(place: EnvironmentOf, onFailure: OnFailure): readonly string[] {
  const { waves } = place.project.pipeline.environments[place.environment]!;
  // Of one wave all clusters go back, without a pin.
  if (onFailure !== "revert-wave" || waves.length < 2) return [];
  return checkPinsKept(place, {
    what: "--on-failure revert-wave holds the clusters of some waves back",
    otherwise: "or give revert-all",
  });
}

/** Such as one that another update has locked out: that one has brought what this one would take back. */
const NOTHING_TO_REVERT = "Nothing was changed by it, so nothing is taken back.";

function saying({ text, ...result }: Result, lines: readonly string[]): Result {
  return { ...result, text: [text, ...lines].join("\n") };
}

/** What can be done after a failure, beside mending it. */
function waysOn(environment: string): string {
  return `What has passed stays. Go on from there: delivery up ${environment}; or go back to what has succeeded last: delivery rollback ${environment} --up`;
}

/** A new environment waits for its first release: no failure, and a job of a CI system goes on to the next. */
function nothingPromoted(environment: string): Result {
  const text = `${environment}: nothing was promoted to it yet, so there is nothing to deliver; delivery promote ${environment} brings a release there`;
  return { value: { environment, release: null, changes: {} }, text };
}

/** One `pulumi up` of an environment, with its progress. */
export function runEnvironment({ project, environment }: EnvironmentOf, context: Context): Promise<UpRun> {
  const { app, environments } = project.pipeline;
  return run(project.root, environment, { app, waves: environments[environment]!.waves }, context);
}

function run(root: string, stackName: string, layout: Layout, context: Context): Promise<UpRun> {
  return stoppable((engine) => runEngine({ root, stackName, engine }, layout, context));
}

interface Place {
  readonly root: string;
  readonly stackName: string;
  readonly engine: EngineRun;
}

async function runEngine(
  { root, stackName, engine }: Place,
  layout: Layout,
  context: Context,
): Promise<UpRun> {
  const { LocalWorkspace } = await import("@pulumi/pulumi/automation/index.js");
  const progress = new Progress(layout);
  const envVars = { ...variables(context), ...engine.env };
  const stack = await LocalWorkspace.selectStack({ stackName, workDir: root }, { envVars }).catch((error) => {
    throw notBegun(stackName, error);
  });
  try {
    const done = await stack.up({
      signal: engine.signal,
      continueOnError: true,
      color: "never",
      onEvent: (event) => progress.take(event).forEach((line) => context.progress(line)),
    });
    await forgetBrokenOff(stack, progress.takenOver, engine);
    return { ...factsOf(progress), done, errors: [] };
  } catch (error) {
    const said = progress.errors;
    const errors = said.length > 0 ? said : [engineWords(error)];
    return {
      ...factsOf(progress),
      done: undefined,
      errors: errors.map((words) => withUnlock(stackName, words)),
    };
  }
}

/**
 * Takes what has been taken over out of the state's list of what was broken off: objects, commits and gates are found again by
 * their names. When that fails the engine merely warns once more.
 */
async function forgetBrokenOff(
  stack: Pick<Stack, "refresh">,
  [urn]: readonly string[],
  { signal }: EngineRun,
): Promise<void> {
  if (urn === undefined) return;
  const quick = { clearPendingCreates: true, target: [stackUrnOf(urn)], signal };
  await stack.refresh(quick).catch(() => undefined);
}

function factsOf({
  hasFailed,
  hasBegun,
  passed,
}: Progress): Pick<UpRun, "hasFailed" | "hasBegun" | "passed"> {
  return { hasFailed, hasBegun, passed };
}

function variables({ env }: Context): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}

function failed(value: Readonly<Record<string, unknown>>, errors: readonly string[]): Result {
  const name = String(value.environment ?? value.stack);
  const lines = errors.map((error) => `  - ${error.replaceAll("\n", "\n    ")}`);
  const text = [`${name}: the update failed:`, ...lines].join("\n");
  return { value: { ...value, failed: true, errors }, text, exit: EXIT.failed };
}

/** What the engine did with resources, as far as it changed anything. */
const CHANGES: Readonly<Record<string, string>> = {
  create: "created",
  update: "updated",
  replace: "replaced",
  delete: "deleted",
};

function changesOf({ summary }: UpResult): Record<string, number> {
  const counts = Object.entries(summary.resourceChanges ?? {});
  return Object.fromEntries(
    counts.filter(([kind]) => kind in CHANGES).map(([kind, count]) => [CHANGES[kind]!, Number(count)]),
  );
}

function summaryOf(done: UpResult): string {
  const counts = Object.entries(changesOf(done));
  return counts.length === 0
    ? "nothing had to change"
    : counts.map(([what, count]) => `${count} ${what}`).join(", ");
}
