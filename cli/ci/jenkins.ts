import type { CiEnvironment, CiModel } from "./model";
import { STEPS } from "./model";

/** Where Jenkins looks for it. */
export const JENKINS_FILE = "Jenkinsfile";

/** A declarative pipeline for a multibranch project. Source: Jenkins, "Pipeline Syntax". */
export function jenkinsfile(model: CiModel): string {
  return `// Written by: delivery ci jenkins --write
// Agents labelled "node" have Node.js ${model.node}, Git and the Pulumi CLI; builds also want a Docker Engine.
// Build forks only with trust "Nobody", so that the Jenkinsfile of a fork is not run with your credentials.
pipeline {
  agent none
  options {
    // A build that waits is not cancelled by a newer one.
    disableConcurrentBuilds(abortPrevious: false)
  }
  stages {
${stagesOf(model).map(stageText).join("\n")}
  }
}
`;
}

/** What a stage is made of; every line of it is written as it is. */
interface Stage {
  readonly name: string;
  /** Conditions besides `beforeAgent`, which spares an agent where there is nothing to do. */
  readonly when: readonly string[];
  /** What an approval asks. No agent waits for it. */
  readonly question?: string;
  /** After `npm ci`. */
  readonly steps: readonly string[];
  readonly post?: readonly string[];
}

function stageText({ name, when, question, steps, post }: Stage): string {
  const asked = question === undefined ? [] : [`message '${question}'`, "ok 'Deliver'"];
  const before = question === undefined ? [] : ["beforeInput true"];
  return block(`stage('${name}')`, [
    ...block("when", [...before, "beforeAgent true", ...when]),
    ...(asked.length === 0 ? [] : block("input", asked)),
    "agent { label 'node' }",
    ...block("steps", ["sh 'npm ci'", ...steps]),
    ...(post === undefined ? [] : block("post", block("always", post))),
  ])
    .map((line) => `    ${line}`)
    .join("\n");
}

function block(head: string, lines: readonly string[]): string[] {
  return [`${head} {`, ...lines.map((line) => `  ${line}`), "}"];
}

/** CHANGE_TARGET stays a variable of the shell: what a branch is called is never part of a command. */
const PREVIEW: Stage = {
  name: "preview",
  when: ["changeRequest()"],
  steps: [`sh '${STEPS.preview[0]} --base "origin/$CHANGE_TARGET" > preview.md'`],
  post: ["archiveArtifacts artifacts: 'preview.md', allowEmptyArchive: true"],
};

function stagesOf({ branch, environments, hasAgents }: CiModel): Stage[] {
  const when = [`branch '${branch}'`];
  const board = [`sh '${STEPS.board} > board.md'`, "archiveArtifacts artifacts: 'board.md'"];
  return [
    PREVIEW,
    { name: "build", when, steps: STEPS.build.map((line) => `sh '${line}'`) },
    ...(hasAgents ? [{ name: "agents", when, steps: STEPS.agents.map((line) => `sh '${line}'`) }] : []),
    ...environments.map((environment) => deliverStage(environment, when)),
    { name: "board", when, steps: board },
  ];
}

function deliverStage({ name, isApproved }: CiEnvironment, when: readonly string[]): Stage {
  const steps = [`sh '${STEPS.deliver(name)}'`];
  return { name, when, steps, ...(isApproved ? { question: `Deliver ${name}?` } : {}) };
}
