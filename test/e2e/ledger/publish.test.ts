import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  BRANCH,
  argsFor,
  commitCount,
  endWorld,
  filesOf,
  git,
  leftovers,
  newDeploy,
  publishIn,
  startWorld,
  tipOf,
} from "./support";
import type { LedgerWorld } from "./support";

let world: LedgerWorld;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => endWorld(world));

const EU = { "clusters/eu/a.yaml": "a: 1\n", "clusters/eu/deep/b.yaml": "b: 1\n" };
const US = { "clusters/us/a.yaml": "a: 1\n" };

describe("a publication", () => {
  it("begins the branch in an empty repository, with one commit and nothing else", async () => {
    const deploy = await newDeploy(world, "first");
    const steps: string[] = [];
    const made = await publishIn(world, argsFor(deploy, EU), { onStep: (step) => steps.push(step) });
    expect(made).toMatchObject({
      result: "published",
      commit: await tipOf(deploy, BRANCH),
      head: made.commit,
    });
    expect(steps).toEqual(["fetched", "built", "committed", "pushed"]);
    expect(await commitCount(deploy, BRANCH)).toBe(1);
    expect(await filesOf(deploy, BRANCH)).toEqual({
      "clusters/eu/a.yaml": "a: 1",
      "clusters/eu/deep/b.yaml": "b: 1",
    });
    expect(made.trees).toEqual({ "clusters/eu": await git(deploy, "rev-parse", `${BRANCH}:clusters/eu`) });
    expect(leftovers()).toEqual([]);
  });

  it("makes no commit when the branch has the content already", async () => {
    const deploy = await newDeploy(world, "same");
    const first = await publishIn(world, argsFor(deploy, EU));
    const second = await publishIn(world, argsFor(deploy, EU));
    expect(second).toEqual({ ...first, result: "unchanged" });
    expect(await commitCount(deploy, BRANCH)).toBe(1);
  });

  it("changes its own folders and leaves the others as they are", async () => {
    const deploy = await newDeploy(world, "own");
    await publishIn(world, argsFor(deploy, { ...EU, ...US }));
    const us = await git(deploy, "rev-parse", `${BRANCH}:clusters/us`);
    await publishIn(
      world,
      argsFor(deploy, { "clusters/eu/a.yaml": "a: 2\n", "clusters/eu/c.yaml": "c: 1\n" }),
    );
    expect(await filesOf(deploy, BRANCH)).toEqual({
      "clusters/eu/a.yaml": "a: 2",
      "clusters/eu/c.yaml": "c: 1",
      "clusters/us/a.yaml": "a: 1",
    });
    expect(await git(deploy, "rev-parse", `${BRANCH}:clusters/us`)).toBe(us);
    expect(await commitCount(deploy, BRANCH)).toBe(2);
  });
});
