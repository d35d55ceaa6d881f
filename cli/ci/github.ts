import type { CiEnvironment, CiModel } from "./model";
import { PULUMI_VERSION, STEPS } from "./model";

/** Where GitHub looks for it. */
export const GITHUB_FILE = ".github/workflows/delivery.yml";

/** Actions by the commit of the version behind it: a tag can be moved. */
export const ACTIONS = {
  checkout: {
    name: "actions/checkout",
    commit: "08c6903cd8c0fde910a37f88322edcfb5dd907a8",
    version: "v5.0.0",
  },
  node: { name: "actions/setup-node", commit: "49933ea5288caeca8642d1e84afbd3f7d6820020", version: "v4.4.0" },
  pulumi: { name: "pulumi/actions", commit: "8582a9e8cc630786854029b4e09281acd6794b58", version: "v6.6.1" },
  login: {
    name: "pulumi/auth-actions",
    commit: "1c89817aab0c66407723cdef72b05266e7376640",
    version: "v1.0.1",
  },
} as const;

const uses = ({ name, commit, version }: (typeof ACTIONS)[keyof typeof ACTIONS]): string =>
  `uses: ${name}@${commit} # ${version}`;

/**
 * A workflow for GitHub Actions. Nothing of a pull request is put into a shell line: values go through variables.
 * Source: GitHub, "Security hardening for GitHub Actions".
 */
export function githubWorkflow(model: CiModel): string {
  return `${HEAD}
name: delivery

on:
  pull_request:
    branches: [${model.branch}]
  push:
    branches: [${model.branch}]

# No job has more than it asks for.
permissions: {}

jobs:
${[previewJob(model), COMMENT_JOB, buildJob(model), ...agentsJob(model), ...model.environments.map((one) => deliverJob(model, one)), ...proposals(model), boardJob(model)].join("\n\n")}
`;
}

const HEAD = `# Written by: delivery ci github --write
# A change of infra/pipeline.ts may change it; delivery ci github --check tells.`;

/** It runs the pull request's code, so it gets no secret and can write nothing. */
function previewJob(model: CiModel): string {
  return `  preview:
    if: github.event_name == 'pull_request'
    runs-on: ubuntu-latest
    timeout-minutes: 30
    permissions:
      contents: read
    outputs:
      comment: \${{ steps.preview.outputs.comment }}
    steps:
${prepared(model)}
      - id: preview
        env:
          BASE: \${{ github.event.pull_request.base.sha }}
        run: |
          code=0
          npx delivery preview --md --base "$BASE" > preview.md || code=$?
          cat preview.md >> "$GITHUB_STEP_SUMMARY"
          end="end-$(head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \\n')"
          { echo "comment<<$end"; cat preview.md; echo; echo "$end"; } >> "$GITHUB_OUTPUT"
          exit "$code"`;
}

/** It runs nothing of the pull request. A fork's token cannot comment; its preview is in the job's summary. */
const COMMENT_JOB = `  comment:
    needs: preview
    if: always() && needs.preview.outputs.comment != '' && github.event.pull_request.head.repo.full_name == github.repository
    runs-on: ubuntu-latest
    timeout-minutes: 5
    permissions:
      pull-requests: write
    steps:
      - env:
          GH_TOKEN: \${{ github.token }}
          GH_REPO: \${{ github.repository }}
          NUMBER: \${{ github.event.pull_request.number }}
          COMMENT: \${{ needs.preview.outputs.comment }}
        run: printf '%s\\n' "$COMMENT" | gh pr comment "$NUMBER" --edit-last --create-if-none --body-file -`;

function buildJob(model: CiModel): string {
  return `  build:
    if: github.event_name == 'push'
    runs-on: ubuntu-latest
    timeout-minutes: 60
    permissions:
      contents: read
      id-token: write
    concurrency:
      group: delivery-${model.app}-build
      cancel-in-progress: false
    steps:
${prepared(model)}
${LOGIN}
${STEPS.build.map((line) => `      - run: ${line}`).join("\n")}`;
}

/** Before any environment that is left to them; its approval is that of GitHub's environment `agents`. */
function agentsJob(model: CiModel): string[] {
  if (!model.hasAgents) return [];
  return [
    `  agents:
    if: github.event_name == 'push'
    runs-on: ubuntu-latest
    timeout-minutes: 60
    environment: agents
    permissions:
      contents: read
      id-token: write
    concurrency:
      group: delivery-${model.app}-agents
      cancel-in-progress: false
    steps:
${prepared(model)}
${LOGIN}
${STEPS.agents.map((line) => `      - run: ${line}`).join("\n")}`,
  ];
}

/** The approval is that of the environment of GitHub that it names. A run that waits is not cancelled by a newer one. */
function deliverJob(model: CiModel, { name, after, needsAgents }: CiEnvironment): string {
  const before = after === "build" ? "build" : jobOf(after);
  const needs = needsAgents ? `[${before}, agents]` : before;
  return `  ${jobOf(name)}:
    needs: ${needs}
    runs-on: ubuntu-latest
    timeout-minutes: 120
    environment: ${name}
    permissions:
      contents: read
      id-token: write
    concurrency:
      group: delivery-${model.app}-${name}
      cancel-in-progress: false
    steps:
${prepared(model)}
${LOGIN}
      - run: ${STEPS.deliver(name)}
        env:
          DELIVERY_GIT_TOKEN: \${{ secrets.DELIVERY_GIT_TOKEN }}`;
}

/** What has succeeded is proposed to the environments behind it, as pull requests that people merge. */
function proposals(model: CiModel): string[] {
  return model.environments.map(({ name, after }) => {
    return `  propose-${name}:
    needs: ${after === "build" ? "build" : jobOf(after)}
    runs-on: ubuntu-latest
    timeout-minutes: 15
    permissions:
      contents: write
      pull-requests: write
      id-token: write
    concurrency:
      group: delivery-${model.app}-propose-${name}
      cancel-in-progress: false
    steps:
${prepared(model)}
${LOGIN}
      - env:
          GH_TOKEN: \${{ github.token }}
          DELIVERY_GIT_TOKEN: \${{ secrets.DELIVERY_GIT_TOKEN }}
        run: |
          gh auth setup-git
          git config user.name delivery
          git config user.email delivery@users.noreply.github.com
          code=0
          ${STEPS.propose(name)} || code=$?
          # 3: a guard or a hold forbids it for now, which is no failure of this run.
          if [ "$code" -ne 3 ]; then exit "$code"; fi`;
  });
}

function boardJob(model: CiModel): string {
  const needs = model.environments.map(({ name }) => jobOf(name)).join(", ");
  return `  board:
    needs: [${needs}]
    if: always() && github.event_name == 'push'
    runs-on: ubuntu-latest
    timeout-minutes: 15
    permissions:
      contents: read
    steps:
${prepared(model)}
      - run: ${STEPS.board} >> "$GITHUB_STEP_SUMMARY"
        env:
          DELIVERY_GIT_TOKEN: \${{ secrets.DELIVERY_GIT_TOKEN }}`;
}

const jobOf = (environment: string): string => `deliver-${environment}`;

/** The whole history, since it says what is pending; no credentials stay behind. */
function prepared({ node }: CiModel): string {
  return `      - ${uses(ACTIONS.checkout)}
        with:
          fetch-depth: 0
          persist-credentials: false
      - ${uses(ACTIONS.node)}
        with:
          node-version: ${node}
          cache: npm
      - ${uses(ACTIONS.pulumi)}
        with:
          pulumi-version: ${PULUMI_VERSION}
${STEPS.install.map((line) => `      - run: ${line}`).join("\n")}`;
}

/** By the run's own identity. Which repository and environment may log in is said in Pulumi Cloud. */
const LOGIN = `      - if: vars.PULUMI_ORGANIZATION != ''
        ${uses(ACTIONS.login)}
        with:
          organization: \${{ vars.PULUMI_ORGANIZATION }}
          requested-token-type: urn:pulumi:token-type:access_token:organization`;
