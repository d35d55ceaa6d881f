import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { GitCommitInputs } from "../../../components/ledger/resource/inputs";
import { gitCommit } from "../../../components/provider";
import { callApi } from "../../../sandbox/git/index.ts";
import {
  BRANCH,
  TOKEN_VARIABLE,
  argsFor,
  cloneAs,
  commitCount,
  endWorld,
  failureOf,
  filesOf,
  git,
  newDeploy,
  publishIn,
  startWorld,
  tipOf,
} from "./support";
import type { Deploy, LedgerWorld } from "./support";

let world: LedgerWorld;

beforeAll(async () => {
  world = await startWorld();
  process.env[TOKEN_VARIABLE] = world.server.token;
});
afterAll(async () => {
  delete process.env[TOKEN_VARIABLE];
  await endWorld(world);
});

const PATH = "clusters/eu/a.yaml";

const inputs = (deploy: Deploy, rest: Partial<GitCommitInputs> = {}): GitCommitInputs => ({
  owner: deploy.name,
  repository: deploy.repository,
  branch: BRANCH,
  access: { kind: "token", token: { variable: TOKEN_VARIABLE } },
  prefixes: ["clusters/eu"],
  files: { [PATH]: "a: 1\n" },
  message: { subject: "Deploy", stack: "shop/prod" },
  teardown: "delete",
  ...rest,
});

async function byHand(deploy: Deploy, text: string, force = false): Promise<void> {
  const person = await cloneAs(world, deploy, BRANCH);
  if (force) await person.run("checkout", "--quiet", "--orphan", "other");
  writeFileSync(join(person.cwd, PATH), text);
  await person.run("commit", "--quiet", "-am", "By hand");
  await person.run("push", "--quiet", ...(force ? ["--force"] : []), "origin", `HEAD:${BRANCH}`);
}

describe("what the engine keeps of a commit", () => {
  it("is not touched by a refresh while the folders are as published, whatever happens beside them", async () => {
    const deploy = await newDeploy(world, "calm");
    const { id, outs } = await gitCommit.create(inputs(deploy));
    await publishIn(world, argsFor(deploy, { "clusters/us/a.yaml": "x\n" }));
    expect(await gitCommit.read(id, outs)).toEqual({ id, props: outs });
  });

  it("is told what others changed, with what is there now, and put right by an update", async () => {
    const deploy = await newDeploy(world, "drift");
    const { id, outs } = await gitCommit.create(inputs(deploy));
    await byHand(deploy, "a: 9\n");
    const read = await gitCommit.read(id, outs);
    expect(read.inputs).toEqual({ ...inputs(deploy), files: { [PATH]: "a: 9\n" } });
    expect(read.props.drift?.["clusters/eu"]).toMatch(/^changed by Ann in [0-9a-f]{40}: By hand$/);
    expect(read.props.head).toBe(outs.head);
    expect((await gitCommit.diff(id, read.props, inputs(deploy))).changes).toBe(true);
    const updated = await gitCommit.update(id, read.props, inputs(deploy));
    expect(updated.outs.drift).toBeUndefined();
    expect(await filesOf(deploy, BRANCH)).toEqual({ [PATH]: "a: 1" });
  });

  it("remembers the head through a refresh: rewritten history is refused afterwards, too", async () => {
    const deploy = await newDeploy(world, "rewritten");
    const { id, outs } = await gitCommit.create(inputs(deploy));
    await byHand(deploy, "a: 9\n", true);
    const tip = await tipOf(deploy, BRANCH);
    const { props } = await gitCommit.read(id, outs);
    const refused = await failureOf(gitCommit.update(id, props, inputs(deploy)));
    expect(refused.failure).toBe("rewritten");
    expect((await failureOf(gitCommit.delete(id, props))).failure).toBe("rewritten");
    expect(await tipOf(deploy, BRANCH)).toBe(tip);
    await gitCommit.update(id, props, inputs(deploy, { allow: ["rewrite"] }));
    expect(await filesOf(deploy, BRANCH)).toEqual({ [PATH]: "a: 1" });
  });

  it("says that the whole branch is gone, and does not take that for the end of the resource", async () => {
    const deploy = await newDeploy(world, "gone");
    const { id, outs } = await gitCommit.create(inputs(deploy));
    await git(deploy, "update-ref", "-d", `refs/heads/${BRANCH}`);
    const read = await gitCommit.read(id, outs);
    expect(read.id).toBe(id);
    expect(read.props.drift).toEqual({ "clusters/eu": "the branch is gone" });
    expect((await failureOf(gitCommit.update(id, read.props, inputs(deploy)))).failure).toBe("rewritten");
  });

  it("sees a proposal merged, by a refresh", async () => {
    const deploy = await newDeploy(world, "merged");
    const { id, outs } = await gitCommit.create(inputs(deploy));
    const protection = {
      required_status_checks: null,
      enforce_admins: true,
      required_pull_request_reviews: { required_approving_review_count: 0 },
      restrictions: null,
    };
    const branch = `/repos/acme/merged/branches/${encodeURIComponent(BRANCH)}/protection`;
    await callApi(world.server, "PUT", branch, { body: protection });
    const next = inputs(deploy, { files: { [PATH]: "a: 2\n" }, pullRequest: { host: "github" } });
    const proposed = (await gitCommit.update(id, outs, next)).outs;
    expect(proposed.result).toBe("proposed");
    expect((await gitCommit.read(id, proposed)).props).toEqual(proposed);
    const number = proposed.pullRequestUrl?.split("/").at(-1);
    await callApi(world.server, "PUT", `/repos/acme/merged/pulls/${number}/merge`, { body: {} });
    const tip = await tipOf(deploy, BRANCH);
    const { props } = await gitCommit.read(id, proposed);
    expect(props).toMatchObject({ result: "published", commit: tip, head: tip });
    expect(props.pullRequestUrl).toBeUndefined();
    expect((await gitCommit.diff(id, props, next)).changes).toBe(false);
  });
});

describe("a deletion", () => {
  it("keeps the folders by wish, and takes nothing but them away otherwise", async () => {
    const deploy = await newDeploy(world, "deleted");
    const kept = await gitCommit.create(inputs(deploy, { teardown: "keep" }));
    await gitCommit.delete(kept.id, kept.outs);
    expect(await commitCount(deploy, BRANCH)).toBe(1);
    await publishIn(world, argsFor(deploy, { "clusters/us/a.yaml": "x\n" }));
    const { id, outs } = await gitCommit.create(inputs(deploy));
    await gitCommit.delete(id, outs);
    await gitCommit.delete(id, outs);
    expect(await filesOf(deploy, BRANCH)).toEqual({ "clusters/us/a.yaml": "x" });
    expect(await git(deploy, "log", "-1", "--format=%s", BRANCH)).toBe("Remove clusters/eu");
  });
});
