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
${[previewStage(), buildStage(model), ...model.environments.map((environment) => deliverStage(model, environment)), boardStage(model)].join("\n")}
  }
}
`;
}

const AGENT = "agent { label 'node' }";

/** CHANGE_TARGET stays a variable of the shell: what a branch is called is never part of a command. */
function previewStage(): string {
  return `    stage('preview') {
      when {
        beforeAgent true
        changeRequest()
      }
      ${AGENT}
      steps {
        sh 'npm ci'
        sh '${STEPS.preview[0]} --base "origin/$CHANGE_TARGET" > preview.md'
      }
      post {
        always {
          archiveArtifacts artifacts: 'preview.md', allowEmptyArchive: true
        }
      }
    }`;
}

function buildStage({ branch }: CiModel): string {
  return `    stage('build') {
      when {
        beforeAgent true
        branch '${branch}'
      }
      ${AGENT}
      steps {
        sh 'npm ci'
        sh '${STEPS.build[0]}'
      }
    }`;
}

function boardStage({ branch }: CiModel): string {
  return `    stage('board') {
      when {
        beforeAgent true
        branch '${branch}'
      }
      ${AGENT}
      steps {
        sh 'npm ci'
        sh '${STEPS.board} > board.md'
        archiveArtifacts artifacts: 'board.md'
      }
    }`;
}

/** No agent waits for the approval. */
function deliverStage({ branch }: CiModel, { name, isApproved }: CiEnvironment): string {
  const approval = `
      input {
        message 'Deliver ${name}?'
        ok 'Deliver'
      }`;
  return `    stage('${name}') {
      when {
        beforeInput true
        beforeAgent true
        branch '${branch}'
      }${isApproved ? approval : ""}
      ${AGENT}
      steps {
        sh 'npm ci'
        sh '${STEPS.deliver(name)}'
      }
    }`;
}
