import { isDeepStrictEqual } from "node:util";
import { AGENTS_STACK } from "../../components/pipeline/args";
import { pulledClusterNames } from "../../components/pipeline/pulled";
import { readStackConfig } from "../../components/promotion";
import type { Context, Project } from "../shell/contract";
import { configAt } from "./environment";

/** What a change of the checkout does to the agents in the clusters. */
export interface AgentsPreview {
  readonly clusters: readonly string[];
  /** What the stack's file says of them; undefined where it says nothing. */
  readonly before: string | undefined;
  readonly after: string | undefined;
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
  const [before, after] = [await configAt(project.root, file, base, context), readStackConfig(file)].map(
    (config) => config["delivery:agents"],
  );
  if (isDeepStrictEqual(before, after)) return undefined;
  return { clusters, before: textOf(before), after: textOf(after) };
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
export function agentsText({ clusters, before, after }: AgentsPreview): string {
  const change =
    before === after ? "the same version, with other settings" : `${said(before)} → ${said(after)}`;
  return `agents in ${clusters.join(", ")}: ${change}; run "delivery up ${AGENTS_STACK}" before the environments`;
}

const said = (version: string | undefined): string => version ?? "none";
