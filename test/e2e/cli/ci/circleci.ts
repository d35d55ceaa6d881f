import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseConfig } from "@circleci/circleci-config-parser";
import { parse } from "yaml";
import { tryRun } from "../../../../sandbox/processes/index.ts";

/**
 * A stand-in for CircleCI, whose own runner wants containers: what its own parser accepts is run in the order of
 * `requires`, each job in a fresh checkout, each step by the shell that CircleCI documents. A kind of step that is not
 * known here is an error.
 */
export interface CircleRun {
  /** Text of the configuration. */
  readonly text: string;
  readonly branch: string;
  readonly repository: string;
  readonly commit: string;
  readonly workspaces: string;
  readonly env: Readonly<Record<string, string>>;
  /** Approvals that somebody gives. */
  readonly approved: readonly string[];
}

export interface CircleJob {
  readonly name: string;
  readonly outcome: "success" | "failed" | "waits" | "not run";
  readonly context: string | undefined;
  readonly steps: readonly CircleStep[];
}

export interface CircleStep {
  readonly line: string;
  readonly code: number;
  readonly said: string;
}

interface Used {
  readonly name: string;
  readonly type?: string;
  readonly requires?: readonly string[];
  readonly context?: string;
  readonly filters?: { readonly branches: { readonly only?: string; readonly ignore?: string } };
}
type Step = string | Readonly<Record<string, unknown>>;
interface Config {
  readonly commands: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
  readonly workflows: Readonly<
    Record<string, { readonly jobs: readonly Record<string, Omit<Used, "name">>[] }>
  >;
}

/** Source: CircleCI, "Configuration reference", default shell options. */
const SHELL = ["-eo", "pipefail", "-c"];
/** The image of a job would have it; no program here can be downloaded. */
const INSTALLED = "install Pulumi";

/** Every job of the workflows that the branch starts, with what became of it. */
export async function runCircleCi(asked: CircleRun): Promise<CircleJob[]> {
  const config = parse(asked.text) as Config;
  parseConfig(config);
  const used = Object.values(config.workflows).flatMap(({ jobs }) =>
    jobs.flatMap((one) => Object.entries(one).map(([name, job]): Used => ({ name, ...job }))),
  );
  const done: CircleJob[] = [];
  for (const job of used.filter(({ filters }) => fits(filters, asked.branch))) {
    const isReady = (job.requires ?? []).every((name) =>
      done.some((one) => one.name === name && one.outcome === "success"),
    );
    const base = { name: job.name, context: job.context, steps: [] };
    if (!isReady) done.push({ ...base, outcome: "not run" });
    else if (job.type === "approval")
      done.push({ ...base, outcome: asked.approved.includes(job.name) ? "success" : "waits" });
    else done.push({ ...base, ...(await runJob(config, job.name, asked)) });
  }
  return done;
}

function fits(filters: Used["filters"], branch: string): boolean {
  const { only, ignore } = filters?.branches ?? {};
  return (only === undefined || only === branch) && ignore !== branch;
}

async function runJob(
  config: Config,
  name: string,
  asked: CircleRun,
): Promise<Pick<CircleJob, "outcome" | "steps">> {
  const folder = join(asked.workspaces, name);
  mkdirSync(asked.workspaces, { recursive: true });
  const steps: CircleStep[] = [];
  for (const step of expand(config, config.jobs[name]!.steps)) {
    const result = await runStep(step, folder, asked);
    if (result !== undefined) steps.push(result);
    if ((result?.code ?? 0) !== 0) return { outcome: "failed", steps };
  }
  return { outcome: "success", steps };
}

function expand({ commands }: Config, steps: readonly Step[]): Step[] {
  return steps.flatMap(
    (step) => commands[typeof step === "string" ? step : Object.keys(step)[0]!]?.steps ?? [step],
  );
}

async function runStep(step: Step, folder: string, asked: CircleRun): Promise<CircleStep | undefined> {
  const { env } = asked;
  if (step === "checkout") {
    execFileSync("git", ["clone", "--quiet", asked.repository, folder], { env });
    execFileSync("git", ["checkout", "--quiet", "-B", asked.branch, asked.commit], { cwd: folder, env });
    return undefined;
  }
  const [[kind, settings]] = Object.entries(step) as [[string, Readonly<Record<string, string>>]];
  if (kind === "setup_remote_docker") return undefined;
  if (kind === "store_artifacts") {
    const isThere = existsSync(join(folder, settings["path"]!));
    return { line: `store ${settings["path"]}`, code: isThere ? 0 : 1, said: "" };
  }
  if (kind !== "run") throw new Error(`no step of CircleCI that is known here: ${kind}`);
  if (settings["name"] === INSTALLED) return undefined;
  const line = settings["command"]!;
  const { code, stdout, stderr } = await tryRun("bash", [...SHELL, line], { cwd: folder, env });
  return { line, code, said: stdout + stderr };
}
