import { stringify } from "yaml";
import type { CiModel } from "./model";
import { PULUMI_VERSION, STEPS } from "./model";

/** Where CircleCI looks for it. */
export const CIRCLECI_FILE = ".circleci/config.yml";

/** An image with Node.js and Git. Renovate or you keep it new. */
const IMAGE = "cimg/node";
const HEAD = `# Written by: delivery ci circleci --write
# Forks get no secrets unless the project passes them on: leave "Pass secrets to builds from forked pull requests" off.
# Every deliver job uses the context delivery-ENVIRONMENT; restrict it to the branch and to people who may deliver.
# With PULUMI_ORGANIZATION in a context, its jobs log in to Pulumi Cloud by their own identity (OIDC), without a key.
`;

/** A configuration for CircleCI 2.1. Source: CircleCI, "Configuration reference". */
export function circleciConfig(model: CiModel): string {
  const deliver = model.environments.map(({ name }) => [`deliver-${name}`, deliverJob(name)]);
  const config = {
    version: 2.1,
    executors: { node: { docker: [{ image: `${IMAGE}:${model.node}.0` }] } },
    commands: { prepare: { steps: ["checkout", ...STEPS.install.map(runStep), runStep(PULUMI)] } },
    jobs: {
      preview: job([runStep(`${STEPS.preview[0]} --base "origin/${model.branch}" | tee preview.md`), STORE]),
      build: job([LOGIN, { setup_remote_docker: {} }, ...STEPS.build.map(runStep)]),
      ...(model.hasAgents ? { agents: job(STEPS.agents.map(runStep)) } : {}),
      ...Object.fromEntries(deliver),
      board: job([runStep(`${STEPS.board} | tee board.md`), { store_artifacts: { path: "board.md" } }]),
    },
    workflows: { preview: previewWorkflow(model), delivery: deliveryWorkflow(model) },
  };
  return `${HEAD}${stringify(config, { lineWidth: 0, aliasDuplicateObjects: false })}`;
}

type Step = string | Readonly<Record<string, unknown>>;

const PULUMI = `curl -fsSL https://get.pulumi.com | sh -s -- --version ${PULUMI_VERSION} && echo 'export PATH="$HOME/.pulumi/bin:$PATH"' >> "$BASH_ENV"`;
/** By the job's own identity. Source: CircleCI, "OpenID Connect tokens"; which project may log in is said in Pulumi Cloud. */
const LOGIN = {
  run: {
    name: "log in to Pulumi Cloud",
    command:
      'if [ -n "$PULUMI_ORGANIZATION" ]; then pulumi login --oidc-token "$CIRCLE_OIDC_TOKEN" --oidc-org "$PULUMI_ORGANIZATION"; fi',
  },
};
const STORE = { store_artifacts: { path: "preview.md" } };

const runStep = (command: string): Step => ({
  run: { name: command.split(" | ")[0]?.replace(/^curl.*/, "install Pulumi"), command },
});

function job(steps: readonly Step[]): Record<string, unknown> {
  return { executor: "node", steps: [{ prepare: {} }, ...steps] };
}

function deliverJob(name: string): Record<string, unknown> {
  return job([LOGIN, runStep(STEPS.deliver(name))]);
}

function previewWorkflow({ branch }: CiModel): unknown {
  return { jobs: [{ preview: { filters: { branches: { ignore: branch } } } }] };
}

/** A serial group runs one job at a time and lets the others wait. Source: CircleCI, "Configuration reference". */
function deliveryWorkflow({ app, branch, environments, hasAgents }: CiModel): unknown {
  const filters = { branches: { only: branch } };
  const group = (name: string): string => `<< pipeline.project.slug >>/${app}-${name}`;
  const jobs = environments.flatMap(({ name, after, isApproved, needsAgents }) => {
    const before = after === "build" ? "build" : `deliver-${after}`;
    const approval = { [`approve-${name}`]: { type: "approval", requires: [before], filters } };
    const requires = [isApproved ? `approve-${name}` : before, ...(needsAgents ? ["agents"] : [])];
    const deliver = { context: `delivery-${name}`, requires, filters, "serial-group": group(name) };
    return [...(isApproved ? [approval] : []), { [`deliver-${name}`]: deliver }];
  });
  const build = { build: { context: "delivery-build", filters, "serial-group": group("build") } };
  const agents = { agents: { context: "delivery-agents", filters, "serial-group": group("agents") } };
  const requires = environments.map(({ name }) => `deliver-${name}`);
  return {
    jobs: [
      build,
      ...(hasAgents ? [agents] : []),
      ...jobs,
      { board: { context: "delivery-board", requires, filters } },
    ],
  };
}
