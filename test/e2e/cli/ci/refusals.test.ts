import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { circleciConfig } from "../../../../cli/ci/circleci";
import { githubWorkflow } from "../../../../cli/ci/github";
import { jenkinsfile } from "../../../../cli/ci/jenkins";
import { ciModel } from "../../../../cli/ci/model";
import { definePipeline } from "../../../../components/pipeline";
import { Repository } from "../../../unit/pending/repository";
import { example } from "../../../unit/pipeline/example";
import { runCircleCi } from "./circleci";
import { actRunner } from "./github";
import { jenkinsRunner } from "./jenkins/harness";
import type { JenkinsOutcome } from "./jenkins/harness";

const act = await actRunner();
const jenkins = await jenkinsRunner();
const model = ciModel(definePipeline(example));

/** In place of npm and delivery, programs that do nothing, or fail where a test says so. */
const root = mkdtempSync(join(tmpdir(), "ci-refusals-"));
const repository = new Repository();
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
  repository.remove();
});
function program(name: string, lines: string): void {
  const path = join(root, "bin", name);
  mkdirSync(join(root, "bin"), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${lines}\n`);
  chmodSync(path, 0o755);
}
program("npm", "echo npm");
program("npx", 'echo "$@"; [ "$*" != "delivery up staging" ] || [ -z "$BROKEN" ]');
// What it is told, and by whom: a stand-in for GitHub's own program.
program("gh", `{ echo "$GH_TOKEN" "$@"; cat; } >> ${join(root, "gh.log")}`);
const env = { PATH: [join(root, "bin"), process.env["PATH"]].join(delimiter), HOME: root };

repository.git("remote", "add", "origin", "https://github.com/acme/shop.git");
repository.write("Jenkinsfile", jenkinsfile(model));
repository.write(".github/workflows/delivery.yml", githubWorkflow(model));
const commit = repository.commit("app.txt", "1");
const place = (): string => mkdtempSync(join(root, "place-"));
const origin = { repository: repository.root, commit };
const jenkinsOf = (more: object): Promise<JenkinsOutcome> => {
  const variables = { BRANCH_NAME: "main" };
  return jenkins({ folder: repository.root, ...origin, workspaces: place(), env, variables, ...more });
};
const ranIn = ({ events }: JenkinsOutcome): unknown[] =>
  events.filter(({ kind, ran }) => kind === "stage" && ran === true).map(({ stage }) => stage);
const lines = ({ events }: JenkinsOutcome): unknown[] =>
  events.filter(({ kind }) => kind === "sh").map(({ line }) => line);

describe("the Jenkinsfile, compiled and run by Groovy", () => {
  it("stops at an approval that is refused, and nothing behind it is delivered", async () => {
    const said = await jenkinsOf({ refused: ["staging"] });
    expect(said.failure).toBe("rejected by somebody");
    expect(lines(said)).toContain("npx delivery up dev");
    expect(lines(said).filter((line) => /staging|prod/.test(String(line)))).toEqual([]);
  });

  it("stops at a delivery that fails", async () => {
    const said = await jenkinsOf({ env: { ...env, BROKEN: "1" } });
    expect(said.failure).toBe("script returned exit code 1");
    expect(lines(said).filter((line) => /prod|board/.test(String(line)))).toEqual([]);
  });

  it("only previews a pull request, keeps the preview when it is blocked, and runs no branch's name", async () => {
    const variables = {
      BRANCH_NAME: "PR-1",
      CHANGE_ID: "1",
      CHANGE_TARGET: "main$(touch pwned)`touch pwned`",
    };
    const said = await jenkinsOf({ variables });
    expect([said.failure, ranIn(said)]).toEqual([null, ["preview"]]);
    const archive = said.events.find(({ kind }) => kind === "archive");
    expect(archive?.["text"]).toBe("delivery preview --md --base origin/main$(touch pwned)`touch pwned`\n");
    program("npx", "echo blocked; exit 3");
    const blocked = await jenkinsOf({ variables });
    expect(blocked.failure).toBe("script returned exit code 3");
    expect(blocked.events.find(({ kind }) => kind === "archive")?.["text"]).toBe("blocked\n");
    program("npx", 'echo "$@"; [ "$*" != "delivery up staging" ] || [ -z "$BROKEN" ]');
  });

  it("asks nobody on another branch, and delivers nothing", async () => {
    const said = await jenkinsOf({ variables: { BRANCH_NAME: "feature" } });
    expect([said.failure, ranIn(said)]).toEqual([null, []]);
    expect(said.events.filter(({ kind }) => kind === "input")).toEqual([]);
  });

  it("would not get past Groovy with a mistake: a brace that is missing, a step that is not there", async () => {
    const text = jenkinsfile(model);
    const broken = place();
    for (const [wrong, kind] of [
      [text.replace(/\}\n$/, ""), "MultipleCompilationErrorsException"],
      [text.replaceAll("sh 'npm ci'", "shell 'npm ci'"), "MissingMethodException"],
    ] as const) {
      writeFileSync(join(broken, "Jenkinsfile"), wrong);
      expect(await jenkinsOf({ folder: broken })).toMatchObject({ kind });
    }
  });
});

describe("CircleCI's configuration", () => {
  const circle = (more: object): ReturnType<typeof runCircleCi> =>
    runCircleCi({
      ...origin,
      text: circleciConfig(model),
      branch: "main",
      workspaces: place(),
      env,
      approved: [],
      ...more,
    });
  const outcomes = (jobs: Awaited<ReturnType<typeof runCircleCi>>): object =>
    Object.fromEntries(jobs.map(({ name, outcome }) => [name, outcome]));

  it("waits at an approval, and each job has the secrets of its own environment alone", async () => {
    const jobs = await circle({});
    expect(outcomes(jobs)).toEqual({
      ...{
        build: "success",
        "deliver-dev": "success",
        "approve-staging": "waits",
        "deliver-staging": "not run",
      },
      ...{ "approve-prod": "not run", "deliver-prod": "not run", board: "not run" },
    });
    expect(jobs.flatMap(({ context }) => context ?? [])).toEqual(
      ["build", "dev", "staging", "prod", "board"].map((name) => `delivery-${name}`),
    );
  });

  it("logs in by the job's own identity where an organization is named", async () => {
    program("pulumi", 'echo "pulumi $*"');
    const own = { PULUMI_ORGANIZATION: "acme", CIRCLE_OIDC_TOKEN: "identity" };
    const [build] = await circle({ env: { ...env, ...own } });
    const said = build!.steps.map((step) => step.said);
    expect(said).toContain("pulumi login --oidc-token identity --oidc-org acme\n");
    const [other] = await circle({});
    expect(other!.steps.map((step) => step.said).join("")).not.toContain("pulumi login");
  });

  it("stops at a delivery that fails", async () => {
    const jobs = await circle({
      approved: ["approve-staging", "approve-prod"],
      env: { ...env, BROKEN: "1" },
    });
    expect(outcomes(jobs)).toMatchObject({
      "deliver-staging": "failed",
      "approve-prod": "not run",
      "deliver-prod": "not run",
    });
  });

  it("only previews another branch, and fails when the preview is blocked, though it is piped", async () => {
    const jobs = await circle({ branch: "feature" });
    expect(outcomes(jobs)).toEqual({ preview: "success" });
    expect(jobs[0]!.steps.at(-2)?.said).toBe("delivery preview --md --base origin/main\n");
    program("npx", "echo blocked; exit 3");
    expect(outcomes(await circle({ branch: "feature" }))).toEqual({ preview: "failed" });
    program("npx", 'echo "$@"; [ "$*" != "delivery up staging" ] || [ -z "$BROKEN" ]');
  });
});

describe("the workflow for GitHub, run by act", () => {
  const pull = (from: string, branch: string): Parameters<typeof act>[0] => ({
    ...{
      folder: repository.root,
      place: place(),
      event: "pull_request",
      env,
      secrets: { GITHUB_TOKEN: "token" },
    },
    payload: {
      repository: { full_name: "acme/shop" },
      pull_request: {
        number: 7,
        title: "$(touch pwned)",
        base: { sha: commit, ref: "main" },
        head: { ref: branch, repo: { full_name: from } },
      },
    },
  });

  it("previews a pull request and comments it by a job that runs nothing of it", async () => {
    const { jobs, said, summary } = await act(pull("acme/shop", "$(touch pwned)"));
    expect(jobs, said).toMatchObject({ preview: "success", comment: "success" });
    expect(jobs["build"] ?? "skipped").toBe("skipped");
    expect(summary).toContain(`delivery preview --md --base ${commit}`);
    const told = readFileSync(join(root, "gh.log"), "utf8");
    expect(told).toContain(
      "token pr comment 7 --edit-last --create-if-none --body-file -\ndelivery preview --md",
    );
    const names = readdirSync(root, { recursive: true, encoding: "utf8" });
    expect(names.filter((name) => name.endsWith("pwned"))).toEqual([]);
  });

  it("previews a fork's, and does not try to comment it", async () => {
    const { jobs, said } = await act(pull("somebody/shop", "main"));
    expect(jobs, said).toMatchObject({ preview: "success" });
    expect(jobs["comment"] ?? "skipped").toBe("skipped");
  });
});
