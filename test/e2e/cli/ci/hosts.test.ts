import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Release } from "../../../../components/release";
import { callApi } from "../../../../sandbox/git/index.ts";
import { run } from "../../../../sandbox/processes/index.ts";
import { sharedSandbox } from "../../../support/sandbox";
import { runCircleCi } from "./circleci";
import { actRunner } from "./github";
import { jenkinsRunner } from "./jenkins/harness";
import { makeCiWorld, merge } from "./world";
import type { CiWorld } from "./world";

// Made before any test's time limit counts.
const act = await actRunner();
const jenkins = await jenkinsRunner();
const sandbox = await sharedSandbox();

let world: CiWorld;
const releases: Release[] = [];
beforeAll(async () => {
  world = await makeCiWorld(sandbox);
  for (const host of ["github", "circleci", "jenkins"]) await world.delivery("ci", host, "--write");
  await world.push("one");
  await world.delivery("up", "build");
  releases.push(await world.built());
});
afterAll(() => world?.remove());

/** A checkout of what was pushed, as a job of GitHub has it. */
async function checkOut(commit: string): Promise<string> {
  const folder = join(world.place("github"), "work");
  await run("git", ["clone", "--quiet", world.origin, folder], { env: world.env });
  await run("git", ["checkout", "--quiet", "-B", "main", commit], { cwd: folder, env: world.env });
  return folder;
}

/** What the jobs have proposed, merged as people do it, and taken over by the developer. */
async function mergeProposals(): Promise<void> {
  const path = `/repos/${world.repository}/pulls`;
  const { body } = await callApi<{ number: number; title: string }[]>(sandbox.git, "GET", path);
  expect(body.map(({ title }) => title).sort()).toEqual(
    [`Promote ${releases[1]!.id} from build to dev`, `Promote ${releases[0]!.id} from dev to prod`].sort(),
  );
  for (const { number } of body) await merge(sandbox, world.repository, number);
  const pull = ["pull", "--quiet", "--no-rebase", "origin", "main"];
  await run("git", pull, { cwd: world.project.root, env: world.env });
}

/**
 * Each push has a change, which is built, and the promotions of what was built before. In order: what one host does,
 * the next goes on from.
 */
describe("from a push to a live cluster, by the files that delivery ci writes", () => {
  it("goes by GitHub Actions, run by act: built, delivered, the next promotion proposed, and the board shown", async () => {
    await world.delivery("promote", "dev");
    const commit = await world.push("two");
    const secrets = { DELIVERY_GIT_TOKEN: sandbox.git.token, GITHUB_TOKEN: sandbox.git.token };
    const folder = await checkOut(commit);
    const { code, said, jobs, summary } = await act({
      ...{ folder, place: join(folder, ".."), event: "push", env: world.env, secrets },
    });
    expect(jobs, said).toMatchObject({ build: "success", "deliver-dev": "success", board: "success" });
    expect(code).toBe(0);
    releases.push(await world.built());
    expect(releases[1]!.commit).toBe(commit);
    expect(await world.runs("dev-1")).toBe(releases[0]!.id);
    expect(await world.runs("eu-1")).toBeUndefined();
    expect(summary).toContain(`| **dev** | dev-1 | \`${releases[0]!.id}\` |`);
    await mergeProposals();
  });

  it("goes by CircleCI's file, with an approval for production", async () => {
    const commit = await world.push("three");
    const text = readFileSync(join(world.project.root, ".circleci/config.yml"), "utf8");
    const jobs = await runCircleCi({
      ...{ text, branch: "main", repository: world.origin, commit, env: world.env },
      ...{ workspaces: world.place("circleci"), approved: ["approve-prod"] },
    });
    expect(
      jobs.map(({ name, outcome }) => [name, outcome]),
      JSON.stringify(jobs),
    ).toEqual(
      ["build", "deliver-dev", "approve-prod", "deliver-prod", "board"].map((name) => [name, "success"]),
    );
    releases.push(await world.built());
    expect(releases[2]!.commit).toBe(commit);
    expect(await world.runs("dev-1")).toBe(releases[1]!.id);
    expect(await world.runs("eu-1")).toBe(releases[0]!.id);
  });

  it("goes by the Jenkinsfile, compiled and run by Groovy", async () => {
    await world.delivery("promote", "dev");
    await world.delivery("promote", "prod");
    const commit = await world.push("four");
    const { failure, events } = await jenkins({
      ...{ folder: world.project.root, repository: world.origin, commit, env: world.env },
      ...{ workspaces: world.place("jenkins"), variables: { BRANCH_NAME: "main" } },
    });
    expect(failure, JSON.stringify(events)).toBeNull();
    const stages = events.filter(({ kind }) => kind === "stage").map(({ stage, ran }) => [stage, ran]);
    expect(stages).toEqual([
      ["preview", false],
      ...["build", "dev", "prod", "board"].map((name) => [name, true]),
    ]);
    expect(events).toContainEqual({ kind: "input", stage: "prod", message: "Deliver prod?" });
    const board = events.find(({ kind, stage }) => kind === "archive" && stage === "board");
    expect(board?.["text"]).toContain(releases[2]!.id);
    expect((await world.built()).commit).toBe(commit);
    expect(await world.runs("dev-1")).toBe(releases[2]!.id);
    expect(await world.runs("eu-1")).toBe(releases[1]!.id);
  });

  it("is what --check finds up to date on every host", async () => {
    for (const host of ["github", "circleci", "jenkins"])
      expect(await world.delivery("ci", host, "--check")).toContain("is up to date");
  });
});
