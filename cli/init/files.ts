/** What a new project is made for. */
export interface NewProject {
  readonly app: string;
  readonly repository: string;
  readonly context: string;
  readonly ledger: string | undefined;
}

/** A file with its path below the project's folder. */
export interface NewFile {
  readonly path: string;
  readonly text: string;
}

/** Lets an editor complete and check a stack's file. Relative to that file, as editors read it. */
export const SCHEMA_LINE =
  "# yaml-language-server: $schema=../node_modules/pulumi-delivery/schemas/stack.schema.json";

/** The files of a new project: what the README shows, with three environments. */
export function projectFiles(project: NewProject): NewFile[] {
  const stacks = ["build", "dev", "staging", "prod"].map((stack) => {
    return { path: `stacks/Pulumi.${stack}.yaml`, text: `${SCHEMA_LINE}\nconfig: {}\n` };
  });
  return [
    { path: ".gitignore", text: "node_modules/\n" },
    { path: "Pulumi.yaml", text: pulumiYaml(project) },
    { path: "infra/pipeline.ts", text: pipeline(project) },
    { path: "infra/index.ts", text: INDEX },
    { path: "infra/config.ts", text: CONFIG },
    {
      path: "infra/package.json",
      text: '{\n  "private": true,\n  "type": "commonjs",\n  "main": "index.ts"\n}\n',
    },
    { path: "infra/tsconfig.json", text: TSCONFIG },
    ...stacks,
  ];
}

function pulumiYaml({ app }: NewProject): string {
  return `name: ${app}
description: From a commit to its clusters.
runtime: nodejs
main: infra/
stackConfigDir: stacks
`;
}

function pipeline({ app, repository, context, ledger }: NewProject): string {
  const record = ledgerLine(ledger);
  const name = JSON.stringify(app);
  return `import { app, definePipeline, push } from "pulumi-delivery";

/** How ${app} gets from a commit to its clusters. Plain data: importing it does nothing. */
export const pipeline = definePipeline({
  app: ${name},
${record}  source: { paths: [${JSON.stringify(`${context}/**`)}] },
  images: { ${name}: { repository: ${JSON.stringify(repository)}, context: ${JSON.stringify(context)} } },
  // By the contexts of your kubeconfig.
  clusters: { "dev-1": { context: "dev-1" }, "staging-1": { context: "staging-1" }, "eu-1": { context: "eu-1" }, "us-1": { context: "us-1" } },
  environments: {
    dev: { from: "build", delivery: push(), clusters: ["dev-1"] },
    staging: { from: "dev", delivery: push(), clusters: ["staging-1"] },
    prod: {
      from: "staging",
      delivery: push(),
      waves: [
        { name: "canary", clusters: ["eu-1"] },
        { name: "rest", clusters: ["us-1"] },
      ],
    },
  },
  config: { replicas: 2 },
  manifests: ({ images, config }) =>
    app({ name: ${name}, image: images[${name}], port: 8080, replicas: config.replicas }),
});
`;
}

function ledgerLine(ledger: string | undefined): string {
  if (ledger !== undefined) return `  ledger: { repository: ${JSON.stringify(ledger)} },\n`;
  return `  // ledger: { repository: "https://github.com/acme/deploy.git" }, // records what every cluster is told to run\n`;
}

const INDEX = `import { AGENTS_STACK, Pipeline, PipelineAgents } from "pulumi-delivery";
import { readAgents, readSettings } from "./config";
import { pipeline } from "./pipeline";

const settings = readSettings();

/** Flux, in the clusters that an environment leaves to it. */
function agents() {
  const { clusters } = new PipelineAgents(AGENTS_STACK, { pipeline, ...readAgents() });
  return { clusters };
}

/** The release that the stack "build" made, or that this environment runs, and what runs where, by cluster. */
function delivery() {
  const { release, record } = new Pipeline(pipeline.app, { pipeline, ...settings });
  return { release, record };
}

/** The outputs of this stack. */
export = settings.stack === AGENTS_STACK ? agents() : delivery();
`;

const CONFIG = `import * as pulumi from "@pulumi/pulumi";
import { stackSettings } from "pulumi-delivery";
import type { PipelineAgentsArgs, PipelineComponentArgs } from "pulumi-delivery";

/** What this stack's file and Pulumi itself say. Nothing else of the program reads configuration. */
export function readSettings(): Omit<PipelineComponentArgs, "pipeline"> {
  const config = new pulumi.Config("delivery");
  return {
    stack: pulumi.getStack(),
    root: pulumi.getRootDirectory(),
    ...stackSettings(config),
    // Where { config: "delivery:…" } in the pipeline is looked up: pulumi config set --secret delivery:…
    secret: (name) => pulumi.runtime.getConfig(name),
    // builder: buildkit(), // of pulumi-delivery, where there is no Docker Engine: needs @pulumi/docker-build
  };
}

/** What the stack "agents" installs. */
export function readAgents(): Omit<PipelineAgentsArgs, "pipeline"> {
  const config = new pulumi.Config("delivery");
  return {
    root: pulumi.getRootDirectory(),
    agents: config.getObject("agents"),
    ledger: config.get("ledger"),
    secret: (name) => pulumi.runtime.getConfig(name),
  };
}
`;

const TSCONFIG = `{
  "compilerOptions": {
    "target": "es2022",
    "module": "node16",
    "moduleResolution": "node16",
    "strict": true,
    "noEmit": true,
    "skipLibCheck": true
  },
  "include": ["."]
}
`;
