import { chmodSync, cpSync, mkdirSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contextHash, readContext } from "../../../../components/image/context";
import type { BuildSettings } from "../../../../components/image/context";
import type { Content } from "../../../support/image/folder";
import { folderOf, writeContent } from "../../../support/image/folder";

const SETTINGS: BuildSettings = { args: {}, labels: {}, target: "", platforms: [], secrets: [], bases: [] };
const FILES: Record<string, Content> = {
  Dockerfile: "FROM scratch\nCOPY . .\n",
  "src/main.c": "int main;",
  "run.sh*": "#!/bin/sh\n",
  link: { link: "src/main.c" },
};

async function hashOf(
  root: string,
  settings: Partial<BuildSettings> = {},
  dockerfile = "Dockerfile",
): Promise<string> {
  const context = readContext({ context: root, dockerfile });
  expect(context.problems).toEqual([]);
  return contextHash(context, { ...SETTINGS, ...settings });
}

describe("the hash of an image's sources", () => {
  it("is 64 hexadecimal characters and does not move with a release of this library", async () => {
    const settings = {
      args: { A: "1" },
      labels: { l: "v" },
      target: "t",
      platforms: ["linux/amd64"],
      secrets: ["s"],
    };
    const hash = await hashOf(folderOf(FILES), {
      ...settings,
      bases: [{ reference: "a.b/x:1", digest: "sha256:0" }],
    });
    expect(hash).toBe("265176a5554c9ba44b72a6a0c5166130bdc06ab9d52a50abbb2352f3445ac9df");
  });

  it("is the same in another place, at another time, with other modes but for the executable bit", async () => {
    const root = folderOf(FILES);
    const copy = join(folderOf(), "a/b");
    cpSync(root, copy, { recursive: true, verbatimSymlinks: true });
    utimesSync(join(copy, "src/main.c"), 1, 1);
    chmodSync(join(copy, "src/main.c"), 0o600);
    chmodSync(join(copy, "run.sh"), 0o700);
    mkdirSync(join(copy, "empty"));
    expect(await hashOf(copy)).toBe(await hashOf(root));
  });

  it("does not depend on the order in which anything is named", async () => {
    const root = folderOf(FILES);
    const one = {
      args: { A: "1", B: "2" },
      labels: { a: "1", b: "2" },
      platforms: ["x/a", "x/b"],
      secrets: ["p", "q"],
    };
    const two = {
      args: { B: "2", A: "1" },
      labels: { b: "2", a: "1" },
      platforms: ["x/b", "x/a"],
      secrets: ["q", "p"],
    };
    expect(await hashOf(root, two)).toBe(await hashOf(root, one));
  });

  it.each<[string, (root: string) => void]>([
    ["a byte of a file", (root) => writeContent(root, "src/main.c", "int main,")],
    ["a byte of the Dockerfile", (root) => writeContent(root, "Dockerfile", "FROM scratch\nCOPY . /\n")],
    ["a new, empty file", (root) => writeContent(root, "new", "")],
    ["an executable bit", (root) => chmodSync(join(root, "src/main.c"), 0o755)],
    ["another ignore file", (root) => writeContent(root, ".dockerignore", "# nothing\n")],
    ["a file that is ignored now", (root) => writeContent(root, ".dockerignore", "src\n")],
    ["a link in a file's place", (root) => symlinkSync("run.sh", join(root, "other"))],
  ])("changes with %s", async (_, change) => {
    const root = folderOf(FILES);
    const before = await hashOf(root);
    change(root);
    expect(await hashOf(root)).not.toBe(before);
  });

  it.each<[string, Partial<BuildSettings>, Partial<BuildSettings>]>([
    ["a build argument's value", { args: { A: "1" } }, { args: { A: "2" } }],
    ["a build argument's name", { args: { A: "1" } }, { args: { B: "1" } }],
    ["an argument that becomes a label", { args: { A: "1" } }, { labels: { A: "1" } }],
    ["the target", { target: "one" }, { target: "two" }],
    ["the platform", { platforms: ["linux/amd64"] }, { platforms: ["linux/arm64"] }],
    ["a platform more", { platforms: ["linux/amd64"] }, { platforms: ["linux/amd64", "linux/arm64"] }],
    ["a secret's name", { secrets: ["a"] }, { secrets: ["b"] }],
    [
      "a base image's digest",
      { bases: [{ reference: "x", digest: "1" }] },
      { bases: [{ reference: "x", digest: "2" }] },
    ],
    [
      "a base image that is not known",
      { bases: [{ reference: "x", digest: "1" }] },
      { bases: [{ reference: "x" }] },
    ],
    ["a name that runs into its value", { args: { AB: "C" } }, { args: { A: "BC" } }],
    ["one list that runs into the next", { args: { a: "b" }, labels: {} }, { args: {}, labels: { a: "b" } }],
  ])("changes with %s", async (_, one, two) => {
    const root = folderOf(FILES);
    expect(await hashOf(root, two)).not.toBe(await hashOf(root, one));
  });

  it("does not change with files that are ignored", async () => {
    const root = folderOf({ ...FILES, ".dockerignore": "tmp" });
    const before = await hashOf(root);
    writeContent(root, "tmp/a", "1");
    expect(await hashOf(root)).toBe(before);
  });

  it("tells any two sets of files apart, however names and contents meet", async () => {
    const text = fc.stringMatching(/^[ab/.]{0,4}$/);
    const name = fc.stringMatching(/^[ab]{1,3}$/);
    const files = fc.dictionary(name, text, { minKeys: 1, maxKeys: 3, noNullPrototype: true });
    const write = (set: Record<string, string>): string => folderOf({ Dockerfile: "FROM scratch\n", ...set });
    await fc.assert(
      fc.asyncProperty(files, files, async (one, two) => {
        const same =
          JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(two).sort());
        expect((await hashOf(write(one))) === (await hashOf(write(two)))).toBe(same);
      }),
      { numRuns: 150 },
    );
  });

  it("reads a file of 200 MB in pieces", async () => {
    const root = folderOf({ Dockerfile: "FROM scratch\n" });
    writeFileSync(join(root, "big"), "");
    truncateSync(join(root, "big"), 200 * 1024 * 1024);
    const before = process.memoryUsage().rss;
    await hashOf(root);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  });
});
