import { existsSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { AGENTS_STACK } from "../../components/pipeline/args";
import { pulledClusterNames } from "../../components/pipeline/pulled";
import { toldChanges, toldEnvironments } from "../../components/pipeline/told";
import type { ToldChange } from "../../components/pipeline/told";
import { readStackConfig } from "../../components/promotion";
import type { Context, Project } from "../shell/contract";
import { configAt } from "./environment";
import { pipelineAt } from "./pipeline-at";

/** What a change of the checkout does to the agents in the clusters. */
export interface AgentsPreview {
  readonly clusters: readonly string[];
  /** What the stack's file says of them; undefined where it says nothing. */
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** Whether the file says anything else than before. */
  readonly isOther: boolean;
  /** By environment, what their agents are told else. */
  readonly told: readonly ToldChange[];
  /** Why that could not be compared; undefined when it was. */
  readonly problem: string | undefined;
}

/** What the checkout would do to the stack `agents`, compared with `base`; undefined when nothing. */
export async function previewAgents(
  project: Project,
  base: string,
  context: Context,
): Promise<AgentsPreview | undefined> {
  const clusters = pulledClusterNames(project.pipeline);
  if (clusters.length === 0) return undefined;
  const file = project.stackFile(AGENTS_STACK);
  // Where others install the agents there is no such stack.
  const now = existsSync(file) ? readStackConfig(file) : {};
  const [before, after] = [await configAt(project.root, file, base, context), now].map(
    (config) => config["delivery:agents"],
  );
  const isOther = !isDeepStrictEqual(before, after);
  const compared = await compareTold(project, base, context);
  const isSame = !isOther && compared.told.length === 0 && compared.problem === undefined;
  return isSame
    ? undefined
    : { clusters, before: textOf(before), after: textOf(after), isOther, ...compared };
}

async function compareTold(
  project: Project,
  base: string,
  context: Context,
): Promise<Pick<AgentsPreview, "told" | "problem">> {
  const now = toldEnvironments(project.pipeline);
  if (now.length === 0) return { told: [], problem: undefined };
  try {
    const before = await pipelineAt(project, base, context);
    const told = toldChanges(before === undefined ? [] : toldEnvironments(before), now);
    return { told, problem: undefined };
  } catch (error) {
    if ((error as Error).name !== "Mistake") throw error;
    return { told: [], problem: (error as Error).message.replaceAll(/\s+/g, " ") };
  }
}

interface Settings {
  readonly install?: unknown;
  readonly version?: unknown;
}

function textOf(settings: unknown): string | undefined {
  if (typeof settings !== "object" || settings === null) return undefined;
  const { install, version = "any version" } = settings as Settings;
  return install === false ? `${String(version)}, installed by others` : String(version);
}

/** One sentence for people. */
export function agentsText({ clusters, told, problem, ...file }: AgentsPreview): string {
  const parts = [
    ...(file.isOther ? [fileText(file)] : []),
    ...told.map(toldText),
    ...(problem === undefined ? [] : [`what they are told could not be compared: ${problem}`]),
  ];
  return `agents in ${clusters.join(", ")}: ${parts.join("; ")}; run "delivery up ${AGENTS_STACK}" ${whenText(told)}`;
}

function fileText({ before, after }: Pick<AgentsPreview, "before" | "after">): string {
  return before === after ? "the same version, with other settings" : `${said(before)} → ${said(after)}`;
}

function toldText({ environment, added, removed, settings }: ToldChange): string {
  const parts = [
    ...(added.length === 0 ? [] : [`may change ${added.join(", ")}, too`]),
    ...(removed.length === 0 ? [] : [`may change ${removed.join(", ")} no more`]),
    ...(settings.length === 0 ? [] : [`has other settings (${settings.join(", ")})`]),
  ];
  return `${environment} ${parts.join(", ")}`;
}

/** A right is there before what needs it, and goes after what needed it. */
function whenText(told: readonly ToldChange[]): string {
  const removing = told.filter(({ removed }) => removed.length > 0).map(({ environment }) => environment);
  const later =
    removing.length === 0 ? "" : `, and ${removing.join(", ")} before that where it still runs such a kind`;
  return `before the environments${later}`;
}

const said = (version: string | undefined): string => version ?? "none";
