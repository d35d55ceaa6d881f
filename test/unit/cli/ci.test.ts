import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseConfig } from "@circleci/circleci-config-parser";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { circleciConfig } from "../../../cli/ci/circleci";
import { ACTIONS, githubWorkflow } from "../../../cli/ci/github";
import { jenkinsfile } from "../../../cli/ci/jenkins";
import { ciModel, PULUMI_VERSION } from "../../../cli/ci/model";
import { definePipeline, flux } from "../../../components/pipeline";
import { example } from "../pipeline/example";
import { delivery } from "./run";

const root = mkdtempSync(join(tmpdir(), "ci-"));
afterAll(() => rmSync(root, { recursive: true }));

const model = ciModel(definePipeline(example));
const text = githubWorkflow(model);

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}
interface Job {
  readonly if?: string;
  readonly needs?: string | readonly string[];
  readonly environment?: string;
  readonly permissions: Readonly<Record<string, string>>;
  readonly concurrency?: { readonly group: string; readonly "cancel-in-progress": boolean };
  readonly steps: readonly Step[];
}
interface UsedJob {
  readonly requires?: readonly string[];
}
const workflow = parse(text) as {
  on: Record<string, unknown>;
  permissions: object;
  jobs: Record<string, Job>;
};
const jobs = Object.entries(workflow.jobs);
const steps = jobs.flatMap(([, job]) => job.steps);

describe("the model of a pipeline", () => {
  it("has each environment after the one that it comes from, and wants an approval but for the first", () => {
    expect(model.environments).toEqual([
      { name: "dev", after: "build", isApproved: false, needsAgents: false },
      { name: "staging", after: "dev", isApproved: true, needsAgents: false },
      { name: "prod", after: "staging", isApproved: true, needsAgents: false },
    ]);
    expect(model.hasAgents).toBe(false);
  });

  it("installs the engine that the SDK of this repository is of", () => {
    const require = createRequire(import.meta.url);
    expect((require("@pulumi/pulumi/package.json") as { version: string }).version).toBe(PULUMI_VERSION);
  });
});

describe("the workflow for GitHub", () => {
  it("has every action pinned to a commit", () => {
    for (const { uses } of steps)
      if (uses !== undefined) expect(uses).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
    for (const { commit, version } of Object.values(ACTIONS))
      expect(text).toContain(`@${commit} # ${version}`);
  });

  it("puts no expression into a shell line: whatever a branch or a title is called, it is not run", () => {
    for (const { run = "" } of steps) expect(run).not.toContain("${{");
    expect(text).not.toMatch(/github\.event\.pull_request\.(?:title|body|head\.ref)|github\.head_ref/);
  });

  it("never runs a fork's code with secrets: no pull_request_target, and what runs the checkout of a pull request can write nothing", () => {
    expect(Object.keys(workflow.on)).toEqual(["pull_request", "push"]);
    const preview = workflow.jobs["preview"]!;
    expect(preview.permissions).toEqual({ contents: "read" });
    expect(JSON.stringify(preview)).not.toContain("secrets.");
    const comment = workflow.jobs["comment"]!;
    expect(comment.if).toContain("github.event.pull_request.head.repo.full_name == github.repository");
    expect(comment.steps.every(({ uses }) => uses === undefined)).toBe(true);
  });

  it("gives no job a permission by default, and none to write but where it is used", () => {
    expect(workflow.permissions).toEqual({});
    const writers = jobs
      .filter(([, { permissions }]) => permissions["contents"] === "write")
      .map(([name]) => name);
    expect(writers).toEqual(["propose-dev", "propose-staging", "propose-prod"]);
    for (const [, { permissions }] of jobs) expect(permissions).toBeDefined();
  });

  it("leaves no credentials in a checkout, and has the whole history there", () => {
    const checkouts = steps.filter(({ uses }) => uses?.startsWith("actions/checkout@"));
    expect(checkouts.length).toBeGreaterThan(4);
    for (const step of checkouts)
      expect(step.with).toEqual({ "fetch-depth": 0, "persist-credentials": false });
  });

  it("holds no key of a cloud: jobs log in by their own identity", () => {
    expect(
      [...text.matchAll(/secrets\.(\w+)/g)]
        .map(([, name]) => name)
        .every((name) => name === "DELIVERY_GIT_TOKEN"),
    ).toBe(true);
    for (const name of ["build", "deliver-dev", "deliver-prod"])
      expect(workflow.jobs[name]!.permissions["id-token"]).toBe("write");
  });

  it("has one job with one approval for each environment, in order, that queues and is not cancelled", () => {
    for (const { name, after } of model.environments) {
      const job = workflow.jobs[`deliver-${name}`]!;
      expect(job).toMatchObject({
        environment: name,
        needs: after === "build" ? "build" : `deliver-${after}`,
      });
      expect(job.concurrency).toEqual({ group: `delivery-shop-${name}`, "cancel-in-progress": false });
      expect(job.steps.at(-1)!.run).toBe(`npx delivery up ${name}`);
    }
  });
});

describe("the other hosts", () => {
  it("can be read by CircleCI's own parser, and every job waits for one that is there", () => {
    const config = parse(circleciConfig(model)) as Record<string, unknown>;
    const { jobs: known, workflows } = parseConfig(config);
    expect(known.map(({ name }) => name)).toEqual(Object.keys(config["jobs"] as object));
    expect(workflows.map(({ name }) => name)).toEqual(["preview", "delivery"]);
    const { jobs: used } = (config["workflows"] as Record<string, { jobs: Record<string, UsedJob>[] }>)[
      "delivery"
    ]!;
    const names = used.flatMap((job) => Object.keys(job));
    const awaited = used.flatMap((job) => Object.values(job).flatMap(({ requires = [] }) => requires));
    expect(awaited.filter((name) => !names.includes(name))).toEqual([]);
    expect(() => parseConfig({ ...config, jobs: {} })).toThrow("not found in config");
  });

  it("get the same jobs: CircleCI with approvals and queues", () => {
    const config = parse(circleciConfig(model)) as {
      jobs: object;
      workflows: Record<string, { jobs: Record<string, object>[] }>;
    };
    expect(Object.keys(config.jobs)).toEqual([
      "preview",
      "build",
      "deliver-dev",
      "deliver-staging",
      "deliver-prod",
      "board",
    ]);
    const names = config.workflows["delivery"]!.jobs.flatMap((job) => Object.keys(job));
    expect(names).toEqual([
      "build",
      "deliver-dev",
      "approve-staging",
      "deliver-staging",
      "approve-prod",
      "deliver-prod",
      "board",
    ]);
    expect(config.workflows["delivery"]!.jobs[1]).toMatchObject({
      "deliver-dev": { requires: ["build"], context: "delivery-dev" },
    });
    expect(circleciConfig(model)).not.toMatch(/[&*]a\d/);
  });

  it("get the same stages: Jenkins with approvals, and no value of a pull request in Groovy", () => {
    const file = jenkinsfile(model);
    const stages = [...file.matchAll(/stage\('([\w-]+)'\)/g)].map(([, name]) => name);
    expect(stages).toEqual(["preview", "build", "dev", "staging", "prod", "board"]);
    expect([...file.matchAll(/message 'Deliver (\w+)\?'/g)].map(([, name]) => name)).toEqual([
      "staging",
      "prod",
    ]);
    expect(file).not.toMatch(/sh "/);
    expect(file).toContain("disableConcurrentBuilds(abortPrevious: false)");
  });
});

describe("a pipeline with an environment that is left to agents", () => {
  const prod = { ...example.environments["prod"]!, delivery: flux() } as typeof example.environments.prod;
  const ledger = { repository: "https://git.example.com/acme/deploy.git" };
  const pulled = ciModel(
    definePipeline({ ...example, ledger, environments: { ...example.environments, prod: prod! } }),
  );

  it("has them installed before that environment, whatever else it waits for, and before no other one", () => {
    const { jobs } = parse(githubWorkflow(pulled)) as { jobs: Record<string, Job> };
    expect(jobs["agents"]!.steps.at(-1)!.run).toBe("npx delivery up agents");
    expect(jobs["agents"]!.environment).toBe("agents");
    expect(jobs["deliver-prod"]!.needs).toEqual(["deliver-staging", "agents"]);
    expect(jobs["deliver-staging"]!.needs).toBe("deliver-dev");
  });

  it("has the same in the other hosts", () => {
    const { workflows } = parse(circleciConfig(pulled)) as {
      workflows: Record<string, { jobs: Record<string, UsedJob>[] }>;
    };
    const used = Object.assign({}, ...workflows["delivery"]!.jobs) as Record<string, UsedJob>;
    expect(used["deliver-prod"]!.requires).toEqual(["approve-prod", "agents"]);
    expect(used["agents"]!.requires).toBeUndefined();
    const stages = [...jenkinsfile(pulled).matchAll(/stage\('([\w-]+)'\)/g)].map(([, name]) => name);
    expect(stages).toEqual(["preview", "build", "agents", "dev", "staging", "prod", "board"]);
  });
});

describe("delivery ci", () => {
  it("writes the file, says that it is up to date, and tells when it is not any more", async () => {
    await delivery(["init", "shop", "--project", root]);
    writeFileSync(
      join(root, "infra", "pipeline.ts"),
      `export const pipeline = ${JSON.stringify({ ...definePipeline(example), manifests: undefined })};`,
    );
    const ci = (...words: string[]): ReturnType<typeof delivery> =>
      delivery(["ci", "github", ...words, "--project", root]);
    const file = join(root, ".github", "workflows", "delivery.yml");
    expect((await ci("--check")).code).toBe(4);
    expect((await ci("--write")).stdout).toContain("written");
    expect(readFileSync(file, "utf8")).toBe(text);
    expect(await ci("--check")).toMatchObject({
      code: 0,
      stdout: ".github/workflows/delivery.yml is up to date\n",
    });
    writeFileSync(file, text.replace("fetch-depth: 0", "fetch-depth: 1"));
    expect((await ci("--check")).code).toBe(4);
    expect((await ci()).stdout.trimEnd()).toBe(text.trimEnd());
  });
});
