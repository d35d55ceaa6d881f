import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "../../../sandbox/processes/index.ts";
import {
  BRANCH,
  argsFor,
  cloneAs,
  commitCount,
  endWorld,
  filesOf,
  git,
  leftovers,
  newDeploy,
  publishIn,
  startWorld,
} from "./support";
import type { Deploy, LedgerWorld } from "./support";

let world: LedgerWorld;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => endWorld(world));

const MEGABYTE = 1024 * 1024;

/** Adds 50 MB that are not ours, in files of one megabyte. */
async function grow(deploy: Deploy): Promise<void> {
  const person = await cloneAs(world, deploy, BRANCH);
  for (let index = 0; index < 50; index++)
    writeFileSync(join(person.cwd, `blob-${index}`), randomBytes(MEGABYTE));
  await person.run("add", "-A");
  await person.run("commit", "--quiet", "-m", "big");
  await person.run("push", "--quiet");
}

describe("a repository of 50 MB", () => {
  it("is published to, by a server that can leave content out and by one that cannot", async () => {
    const deploy = await newDeploy(world, "big");
    await publishIn(world, argsFor(deploy, { "clusters/eu/a.yaml": "a: 0\n" }));
    await grow(deploy);
    for (const [index, filter] of [true, false].entries()) {
      await run("git", ["--git-dir", deploy.bare, "config", "uploadpack.allowFilter", String(filter)]);
      const began = performance.now();
      const text = `a: ${index + 1}\n`;
      const made = await publishIn(world, argsFor(deploy, { "clusters/eu/a.yaml": text }));
      console.log(`50 MB, filter ${filter}: ${((performance.now() - began) / 1000).toFixed(2)} s`);
      expect(made.result).toBe("published");
      expect(await git(deploy, "show", `${BRANCH}:clusters/eu/a.yaml`)).toBe(text.trim());
    }
    expect((await git(deploy, "ls-tree", "--name-only", BRANCH)).split("\n")).toHaveLength(51);
    await git(deploy, "fsck", "--connectivity-only");
    expect(leftovers()).toEqual([]);
  });
});

describe("1,500 files", () => {
  it("are one commit, changed in one commit, and none when unchanged", async () => {
    const deploy = await newDeploy(world, "many");
    const many = (value: number): Record<string, string> =>
      Object.fromEntries(
        Array.from({ length: 1500 }, (_, index) => [
          `clusters/eu/${index % 30}/object-${index}.yaml`,
          `kind: ConfigMap\ndata:\n  value: "${value}-${index}"\n`,
        ]),
      );
    const timed = async (value: number): Promise<string> => {
      const began = performance.now();
      const { result } = await publishIn(world, argsFor(deploy, many(value)));
      return `${result} in ${((performance.now() - began) / 1000).toFixed(2)} s`;
    };
    const said = [await timed(1), await timed(2), await timed(2)];
    expect(said.map((line) => line.split(" ")[0])).toEqual(["published", "published", "unchanged"]);
    expect(await commitCount(deploy, BRANCH)).toBe(2);
    const listed = (await git(deploy, "ls-tree", "-r", BRANCH)).split("\n");
    expect(listed).toHaveLength(1500);
    expect(listed.every((line) => line.startsWith("100644 blob "))).toBe(true);
    console.log(`1,500 files: ${said.join(", ")}`);
  });
});

describe("hostile names and contents", () => {
  it("that are allowed come back byte by byte", async () => {
    const deploy = await newDeploy(world, "names");
    const files = {
      "clusters/eu/größe & co.yaml": "a\n",
      "clusters/eu/-rf": "--upload-pack=x\n",
      "clusters/eu/a'b$(id)`id`.yaml": "b\n",
      "clusters/eu/[x]{y}!.yaml": "data 5\ncommit refs/heads/main\n",
      "clusters/eu/done": "done\n\ncommit refs/heads/evil\nM 100644 inline ../x\n",
      "clusters/eu/empty": "",
      "clusters/eu/日本語/ファイル.yaml": "\u0000\u0001\ufeff\r\n",
      "clusters/eu/__proto__": "x",
    };
    await publishIn(world, argsFor(deploy, files));
    for (const [path, text] of Object.entries(files)) {
      expect(await run("git", ["--git-dir", deploy.bare, "show", `${BRANCH}:${path}`])).toBe(text);
    }
    expect(Object.keys(await filesOf(deploy, BRANCH))).toHaveLength(Object.keys(files).length);
    expect(await git(deploy, "for-each-ref", "--format=%(refname)")).toBe(`refs/heads/${BRANCH}`);
  });
});
