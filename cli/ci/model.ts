import type { PipelineDefinition } from "../../components/pipeline";
import { pulledClusterNames } from "../../components/pipeline/pulled";

/** The branch whose commits are built and delivered. */
export const MAIN_BRANCH = "main";
/** The Node.js that jobs run with. */
export const NODE_VERSION = "24";

/** The engine that jobs install; a test compares it with the SDK of this repository. */
export const PULUMI_VERSION = "3.259.0";

/** What a CI system is to do, for every host the same. */
export interface CiModel {
  readonly app: string;
  readonly branch: string;
  readonly node: string;
  /** After the build, each after the one that it comes from. */
  readonly environments: readonly CiEnvironment[];
  /** Whether agents are installed before the first environment that is left to them. */
  readonly hasAgents: boolean;
}

/** A job that delivers what the file of an environment says, behind one approval. */
export interface CiEnvironment {
  readonly name: string;
  /** `build`, or the environment that it comes from. */
  readonly after: string;
  /** The first one after the build needs no approval. */
  readonly isApproved: boolean;
  /** Whether it is left to agents, which have to be there then. */
  readonly needsAgents: boolean;
}

/** Commands that jobs run; the hosts differ only in what is around them. */
export const STEPS = {
  install: ["npm ci"],
  preview: ["npx delivery preview --md"],
  build: ["npx delivery up build"],
  agents: ["npx delivery up agents"],
  deliver: (environment: string): string => `npx delivery up ${environment}`,
  propose: (environment: string): string => `npx delivery promote ${environment} --pr`,
  board: "npx delivery board --md",
} as const;

/** The model of a pipeline. Names are DNS labels, so they are words in every file and shell. */
export function ciModel(pipeline: PipelineDefinition): CiModel {
  const { app, environments } = pipeline;
  const all = Object.entries(environments).map(([name, { from, delivery }]) => {
    return { name, after: from, isApproved: from !== "build", needsAgents: delivery.mode === "flux" };
  });
  const hasAgents = pulledClusterNames(pipeline).length > 0;
  return { app, branch: MAIN_BRANCH, node: NODE_VERSION, environments: inOrder(all), hasAgents };
}

/** Each after the one that it comes from, else in the pipeline's order. */
function inOrder(all: readonly CiEnvironment[]): CiEnvironment[] {
  const ordered: CiEnvironment[] = [];
  const add = (after: string): void => {
    for (const environment of all.filter((one) => one.after === after)) {
      ordered.push(environment);
      add(environment.name);
    }
  };
  add("build");
  return ordered;
}
