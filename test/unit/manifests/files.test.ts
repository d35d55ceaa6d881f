import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Manifest } from "../../../components/manifests";
import {
  manifestFileName,
  manifestFiles,
  writeFolders,
  writeRendered,
} from "../../../components/manifests/files";
import { objectKey } from "../../../components/manifests/manifest";

const configMap = (name: string, namespace?: string): Manifest => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
});

describe("the name of an object's file", () => {
  it.each([
    [
      { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web", namespace: "shop" } },
      "apps_deployment_shop_web.yaml",
    ],
    [configMap("a.b", "shop"), "core_configmap_shop_a.b.yaml"],
    [{ apiVersion: "example.com/v1", kind: "Widget", metadata: { name: "a" } }, "example.com_widget__a.yaml"],
  ])("of %j is %s", (manifest, name) => {
    expect(manifestFileName(manifest)).toBe(name);
  });

  it("does not change with the version of the API", () => {
    const at = (apiVersion: string): string => manifestFileName({ ...configMap("a"), apiVersion });
    expect(at("example.com/v1")).toBe(at("example.com/v1beta1"));
  });

  it("is safe on every file system, and another one for every other object", () => {
    const part = fc.oneof(
      fc.stringMatching(/^[a-z0-9]([-a-z0-9.]{0,8}[a-z0-9])?$/),
      fc.constantFrom(
        "..",
        ".",
        "a/b",
        "..\\x",
        ".git",
        ".GIT",
        "~",
        "a.",
        "con",
        "a_b",
        "A",
        "a",
        "é",
        "e\u0301",
        "a\0b",
        "system:x",
        "a".repeat(253),
        `${"a".repeat(252)}b`,
        "core",
        "",
      ),
    );
    const manifest = fc
      .record({ group: part, name: part, namespace: part })
      .map(({ group, name, namespace }): Manifest => ({
        apiVersion: group === "" ? "v1" : `${group}/v1`,
        kind: "Widget",
        metadata: namespace === "" ? { name } : { name, namespace },
      }));
    fc.assert(
      fc.property(manifest, manifest, (one, other) => {
        const [name, second] = [manifestFileName(one), manifestFileName(other)];
        expect(name).toMatch(/^[a-z0-9.-]+(_[a-z0-9.-]*){3,4}\.yaml$/);
        expect(name.length).toBeLessThanOrEqual(255);
        expect(join("/root", name).startsWith("/root/")).toBe(true);
        expect(name.toLowerCase().startsWith(".git")).toBe(false);
        expect(name === second).toBe(objectKey(one) === objectKey(other));
      }),
      { numRuns: 10_000 },
    );
  });

  it("is refused when two kinds that differ in case alone would share it", () => {
    const widget = { ...configMap("a"), apiVersion: "example.com/v1", kind: "Widget" };
    expect(() => manifestFiles([widget, { ...widget, kind: "WidGet" }])).toThrow(
      /WidGet a would be written to .* twice/,
    );
  });
});

describe("writing a render", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "render-"));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));
  const read = (dir: string): Record<string, string> =>
    Object.fromEntries(readdirSync(dir).map((name) => [name, readFileSync(join(dir, name), "utf8")]));

  it("makes one file per object, for its owner only", () => {
    const dir = join(root, "deep", "out");
    writeRendered(dir, [configMap("a", "shop"), configMap("b", "shop")]);
    expect(readdirSync(dir).sort()).toEqual(["core_configmap_shop_a.yaml", "core_configmap_shop_b.yaml"]);
    expect(read(dir)["core_configmap_shop_a.yaml"]).toBe(
      "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  namespace: shop\n",
    );
    expect(statSync(dir).mode & 0o777).toBe(0o700);
    expect(statSync(join(dir, "core_configmap_shop_a.yaml")).mode & 0o777).toBe(0o600);
  });

  it("leaves exactly the new files in the folder, and nothing beside it", () => {
    const dir = join(root, "out");
    writeRendered(dir, [configMap("a"), configMap("b")]);
    writeRendered(dir, [configMap("b"), configMap("Ä_ö")]);
    expect(readdirSync(dir)).toHaveLength(2);
    expect(readdirSync(dir)).toContain("core_configmap__b.yaml");
    writeRendered(dir, [configMap("c")]);
    expect(readdirSync(dir)).toEqual(["core_configmap__c.yaml"]);
    expect(readdirSync(root)).toEqual(["out"]);
  });

  it.each([
    ["something else is in the folder", [configMap("b")], /has "notes.txt", which no render wrote/],
    ["there is no object", [], /no object; an empty render is refused/],
    [
      "an object is no plain data",
      [configMap("b"), { ...configMap("c"), data: { a: 1n } }],
      /objects\[0\]\.data\.a is of type bigint/,
    ],
  ])("changes nothing when %s", (_what, manifests, sentence) => {
    const dir = join(root, "out");
    writeRendered(dir, [configMap("a")]);
    if (sentence.source.includes("notes")) writeFileSync(join(dir, "notes.txt"), "mine");
    const before = read(dir);
    expect(() => writeRendered(dir, manifests as Manifest[])).toThrow(sentence);
    expect(read(dir)).toEqual(before);
    expect(readdirSync(root)).toEqual(["out"]);
  });

  it("makes one folder per list, of which those of an earlier render go with it", () => {
    const dir = join(root, "out");
    const under = (...clusters: string[]): Map<string, Manifest[]> =>
      new Map(clusters.map((name) => [`clusters/${name}`, [configMap(name)]]));
    writeFolders(dir, under("eu", "us"));
    expect(readdirSync(join(dir, "clusters")).sort()).toEqual(["eu", "us"]);
    writeFolders(dir, under("ap"));
    expect(readdirSync(dir, { recursive: true }).sort()).toEqual([
      "clusters",
      "clusters/ap",
      "clusters/ap/core_configmap__ap.yaml",
    ]);
    expect(statSync(join(dir, "clusters", "ap")).mode & 0o777).toBe(0o700);
  });

  it.each([
    ["a file where only folders are", "core_configmap__a.yaml"],
    ["a folder deeper than any", "clusters/eu/more/core_configmap__a.yaml"],
    ["somebody's file beside the lists'", "clusters/eu/notes.txt"],
  ])("in folders leaves everything as it was when there is %s", (_what, path) => {
    const dir = join(root, "out");
    const file = join(dir, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, "mine");
    const write = (): void => writeFolders(dir, new Map([["clusters/eu", [configMap("a")]]]));
    expect(write).toThrow(/which no render wrote; name an empty folder/);
    expect(readFileSync(file, "utf8")).toBe("mine");
    expect(readdirSync(root)).toEqual(["out"]);
  });

  it("is refused when one list of several is empty, by the name of its folder", () => {
    const lists = new Map([
      ["clusters/eu", [configMap("a")]],
      ["clusters/us", []],
    ]);
    expect(() => writeFolders(join(root, "out"), lists)).toThrow(
      /clusters\/us has no object; an empty render is refused/,
    );
    expect(() => writeFolders(join(root, "out"), new Map())).toThrow(/an empty render is refused/);
    expect(readdirSync(root)).toEqual([]);
  });

  it("says so when the place cannot be written", () => {
    writeFileSync(join(root, "file"), "");
    expect(() => writeRendered(join(root, "file"), [configMap("a")])).toThrow(
      /Writing the render to .*file:\n {2}- ENOTDIR/,
    );
    expect(() => writeRendered(join(root, "file", "out"), [configMap("a")])).toThrow(
      "what was in the folder is still there",
    );
    expect(readFileSync(join(root, "file"), "utf8")).toBe("");
  });

  it("takes an empty folder, and a link to one keeps what it points to", () => {
    const empty = join(root, "empty");
    mkdirSync(empty);
    chmodSync(empty, 0o755);
    writeRendered(empty, [configMap("a")]);
    expect(statSync(empty).mode & 0o777).toBe(0o700);
    symlinkSync(empty, join(root, "link"));
    writeRendered(join(root, "link"), [configMap("b")]);
    expect(readdirSync(empty)).toEqual(["core_configmap__a.yaml"]);
    expect(readdirSync(join(root, "link"))).toEqual(["core_configmap__b.yaml"]);
  });
});
