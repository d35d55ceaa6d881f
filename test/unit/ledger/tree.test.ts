import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { closeGit, openGit } from "../../../components/ledger/git";
import type { Git } from "../../../components/ledger/git";
import { buildTree } from "../../../components/ledger/publish/tree";

let git: Git;
beforeEach(() => {
  git = openGit("https://git.invalid/deploy.git", { kind: "none", advice: "" }, process.env);
});
afterEach(() => closeGit(git));

const build = (files: Readonly<Record<string, string>>, prefixes: string[]): ReturnType<typeof buildTree> =>
  buildTree(git, undefined, { prefixes, retired: [], files: new Map(Object.entries(files)) });

describe("the tree of a publication", () => {
  it("has each folder by its name as it was given, whatever letters that has", async () => {
    const prefixes = ["clusters/eu", "clusters/m\u00fcnchen", "clusters/\u6771\u4eac 1"];
    const files = Object.fromEntries(prefixes.map((prefix) => [`${prefix}/a.yaml`, "a: 1\n"]));
    const { trees } = await build(files, prefixes);
    expect(Object.keys(trees)).toEqual(prefixes);
    expect(new Set(Object.values(trees)).size).toBe(1);
  });

  it("is the same for the same content, and another one for another", async () => {
    const one = await build({ "a/x": "1", "a/y": "2" }, ["a"]);
    expect(await build({ "a/y": "2", "a/x": "1" }, ["a"])).toEqual(one);
    expect((await build({ "a/x": "1", "a/y": "3" }, ["a"])).root).not.toBe(one.root);
  });
});
