import { Mistake } from "../../components/mistake";
import { AGENTS_STACK, BUILD_STACK } from "../../components/pipeline/args";
import { pulledClusterNames } from "../../components/pipeline/pulled";
import { readStackConfig, releaseIn, STACK_KEYS } from "../../components/promotion";
import { EXIT } from "../shell/contract";
import type { Context, Project, Result } from "../shell/contract";
import type { EnvironmentOf } from "../shell/environment";
import { askStack } from "../shell/state";
import { update } from "./engine";
import { Progress } from "./progress";
import type { Changes, Layout } from "./progress";
import { stoppable } from "./stoppable";
import type { EngineRun } from "./stoppable";

/** What becomes of an environment when its update fails. */
export type OnFailure = "stop" | "revert-wave" | "revert-all";

/** What one `pulumi up` did. */
export interface UpRun {
  /** What it changed; undefined when it failed. */
  readonly done: Changes | undefined;
  readonly errors: readonly string[];
  /** Whether it failed at a resource; false also when it was refused before any. */
  readonly hasFailed: boolean;
  /** Names of the waves that were let pass. */
  readonly passed: ReadonlySet<string>;
}

/** What the stack `build` exports. */
interface Outputs {
  readonly release?: { readonly id?: string };
}

/** Builds what the registry lacks, and says which release it makes. */
export async function upBuild(project: Project, context: Context): Promise<Result> {
  const layout = { app: project.pipeline.app, waves: [] };
  const { done, errors } = await run(project.root, BUILD_STACK, layout, context);
  if (done === undefined) return failed({ stack: BUILD_STACK }, errors);
  const { release } = (await askStack<Outputs>(project, "output", BUILD_STACK, context)) ?? {};
  const value = { stack: BUILD_STACK, changes: done, release };
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
  const value = { stack: AGENTS_STACK, changes: done, clusters };
  return { value, text: `${AGENTS_STACK}: ${summaryOf(done)}; in ${clusters.join(", ")}` };
}

/** Delivers what the environment's file says. */
export async function upEnvironment(
  place: EnvironmentOf,
  { onFailure }: { readonly onFailure: OnFailure },
  context: Context,
): Promise<Result> {
  const { project, environment, file } = place;
  const config = readStackConfig(file);
  if (config[STACK_KEYS.release] === undefined) return nothingPromoted(environment);
  const release = releaseIn(project.pipeline.app, config);
  context.progress(`${environment}: delivering ${release?.id ?? "what its file says"}`);
  const { done, errors, passed } = await runEnvironment(place, context);
  const value = { environment, release: release?.id ?? null };
  if (done !== undefined) {
    return { value: { ...value, changes: done }, text: `${environment}: ${summaryOf(done)}` };
  }
  if (onFailure === "stop") return failed(value, errors);
  const { revert } = await import("./revert.js");
  return revert(place, { onFailure, passed, failure: failed(value, errors) }, context);
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
  const progress = new Progress(layout);
  const { isDone, said } = await update({
    ...{ root, stack: stackName, signal: engine.signal, env: { ...context.env, ...engine.env } },
    onEvent: (event) => progress.take(event).forEach((line) => context.progress(line)),
  });
  const { changes, errors, hasFailed, passed } = progress;
  if (isDone) return { done: changes, errors: [], hasFailed: false, passed };
  return { done: undefined, errors: errors.length > 0 ? errors : [said], hasFailed, passed };
}

function failed(value: Readonly<Record<string, unknown>>, errors: readonly string[]): Result {
  const name = String(value.environment ?? value.stack);
  const lines = errors.map((error) => `  - ${error.replaceAll("\n", "\n    ")}`);
  const text = [`${name}: the update failed:`, ...lines].join("\n");
  return { value: { ...value, failed: true, errors }, text, exit: EXIT.failed };
}

function summaryOf(done: Changes): string {
  const counts = Object.entries(done);
  return counts.length === 0
    ? "nothing had to change"
    : counts.map(([what, count]) => `${count} ${what}`).join(", ");
}
