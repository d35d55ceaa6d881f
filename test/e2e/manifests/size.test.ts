import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CHECKOUT } from "../../../sandbox/paths.ts";
import { tryRun } from "../../../sandbox/processes/index.ts";
import type { RunResult } from "../../../sandbox/processes/index.ts";

const MANIFESTS = join(CHECKOUT, "dist", "components", "manifests");
const RELEASE = join(CHECKOUT, "dist", "components", "release");
/** Of resident memory to input (I3 of the trust table). */
const MOST_MEMORY = 20;
const MEGABYTE = 1_000_000;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "size-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a program of its own, whose memory is measured from its start to its end. */
async function measured(program: string): Promise<RunResult & { readonly peakBytes: number }> {
  const [path, peak] = [join(folder, "program.cjs"), join(folder, "peak")];
  const report = `require("fs").writeFileSync(${JSON.stringify(peak)}, String(process.resourceUsage().maxRSS * 1024))`;
  writeFileSync(path, `process.on("exit", () => ${report});\n${program}`);
  const result = await tryRun(process.execPath, [path], { cwd: folder, env: {}, timeoutMs: 200_000 });
  return { ...result, peakBytes: Number(readFileSync(peak, "utf8")) };
}

/** Source text of a function that makes a text of so many bytes: ConfigMaps with files and settings, as teams have them. */
const TEXT_OF = `
  const textOf = (bytes, first) => {
    const parts = [];
    for (let size = 0, count = 0; size < bytes; count += 1) {
      const line = (key) => "    line " + key + " of a file with some text\\n";
      const long = Array.from({ length: 40 }, (_, key) => "  file-" + key + ": |\\n" + line(key).repeat(240).trimEnd());
      const short = Array.from({ length: 40 }, (_, key) => "  key-" + key + ": value " + key);
      const head = "apiVersion: v1\\nkind: ConfigMap\\nmetadata:\\n  name: settings-" + (first + count) + "\\ndata:\\n";
      parts.push(head + [...long, ...short].join("\\n") + "\\n");
      size += parts.at(-1).length;
    }
    return parts.join("---\\n");
  };`;

describe("manifests of 50 MB", () => {
  it("are read, checked, rendered and written with at most 20 times their size of memory", async () => {
    const bytes = 50 * MEGABYTE;
    const program = `
      const { checkList, manifestFiles, parseYaml } = require(${JSON.stringify(MANIFESTS)});
      const { renderList } = require(${JSON.stringify(RELEASE)});
      ${TEXT_OF}
      const objects = [0, 1000].flatMap((first) => parseYaml(textOf(${bytes / 2}, first), { origin: "big.yaml" }));
      const release = { id: "big-000000000000", commit: "1".repeat(40), sources: "2".repeat(64), images: {} };
      const list = renderList(objects, { app: "big", namespace: "big", clusterScope: [] }, release);
      const files = manifestFiles(list.objects);
      process.stdout.write(String([...files.values()].reduce((sum, text) => sum + text.length, 0)));`;
    const { code, stdout, stderr, peakBytes } = await measured(program);
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(Number(stdout)).toBeGreaterThan(bytes);
    console.log(`memory for ${bytes / MEGABYTE} MB of manifests: ${(peakBytes / bytes).toFixed(1)} times`);
    expect(peakBytes / bytes).toBeLessThan(MOST_MEMORY);
  });

  /** Source text of a function that makes documents of so many bytes as JSON, whose texts are all in quotes. */
  const JSON_OF = `
    const jsonOf = (bytes, length) => {
      const text = "some words ".repeat(Math.ceil(length / 11)).slice(0, length);
      const data = Object.fromEntries(Array.from({ length: bytes / (length + 18) }, (_, key) => ["key-" + key, text]));
      return JSON.stringify({ apiVersion: "v1", kind: "List", data });
    };`;

  it.each([
    ["in quotes of a megabyte each", 1_000_000],
    ["in quotes of a few lines each", 500],
  ])("%s are read with at most 20 times their size of memory", async (_what, length) => {
    const bytes = 24 * MEGABYTE;
    const program = `
      const { parseYaml } = require(${JSON.stringify(MANIFESTS)});
      ${JSON_OF}
      const text = Array(3).fill(jsonOf(${bytes / 3}, ${length})).join("\\n---\\n");
      const objects = parseYaml(text, { origin: "big.json" });
      process.stdout.write(String(text.length > ${bytes * 0.8} && objects.every(({ data }) => data["key-0"].length === ${length})));`;
    const { stdout, stderr, peakBytes } = await measured(program);
    expect([stdout, stderr]).toEqual(["true", ""]);
    console.log(`memory for ${bytes / MEGABYTE} MB of quoted texts: ${(peakBytes / bytes).toFixed(1)} times`);
    expect(peakBytes / bytes).toBeLessThan(MOST_MEMORY);
  });

  it("in one document are refused at once, with what to do", async () => {
    const program = `
      const { parseYaml } = require(${JSON.stringify(MANIFESTS)});
      ${JSON_OF}
      try { parseYaml(jsonOf(${20 * MEGABYTE}, 40), { origin: "big.json" }); } catch (error) { process.stdout.write(error.message); }`;
    const { stdout, peakBytes } = await measured(program);
    expect(stdout).toMatch(
      /^Reading big\.json:\n {2}- a document of it has \d{8} characters; split it, by lines of "---", into some of 8388608 at most$/,
    );
    expect(peakBytes / (20 * MEGABYTE)).toBeLessThan(MOST_MEMORY);
  });

  it("in one text are refused at once, with what to do", async () => {
    const program = `
      const { parseYaml } = require(${JSON.stringify(MANIFESTS)});
      ${TEXT_OF}
      const text = textOf(${50 * MEGABYTE}, 0);
      const begun = performance.now();
      try { parseYaml(text, { origin: "big.yaml" }); } catch (error) { process.stdout.write(error.message); }
      process.stderr.write(String(performance.now() - begun));`;
    const { stdout, stderr } = await measured(program);
    expect(stdout).toMatch(
      /^Reading big\.yaml:\n {2}- it has 5\d{7} bytes; split it into texts of 33554432 at most$/,
    );
    expect(Number(stderr)).toBeLessThan(1000);
  });

  it("of 100,000 objects are refused at once, with what to do", async () => {
    const program = `
      const { checkList } = require(${JSON.stringify(MANIFESTS)});
      const data = { text: "x".repeat(400) };
      const list = Array.from({ length: 100_000 }, (_, index) => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c" + index }, data }));
      process.stdout.write(checkList(list, { app: "big", namespace: "big", clusterScope: [] }).join("\\n"));`;
    const { stdout, peakBytes } = await measured(program);
    expect(stdout).toBe("manifests returned 100000 objects; 20000 is the most, split the application");
    expect(peakBytes / (50 * MEGABYTE)).toBeLessThan(MOST_MEMORY);
  });
});

describe("a render that does not fit", () => {
  it("on a disk, or beyond what a file may have, leaves what was in its folder, in a sentence", async () => {
    const out = join(folder, "out");
    const program = (text: string): string => `
      const { writeRendered } = require(${JSON.stringify(MANIFESTS)});
      const object = (name, text) => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data: { text } });
      try { writeRendered(${JSON.stringify(out)}, [object("a", "small"), object("b", ${text})]); }
      catch (error) { process.stdout.write(error.message); process.exitCode = 1; }`;
    const write = (text: string): Promise<RunResult> => {
      const path = join(folder, "write.cjs");
      writeFileSync(path, program(text));
      const command = ["-c", 'ulimit -f 200 && exec "$@"', "sh", process.execPath, path];
      return tryRun("sh", command, { cwd: folder, env: {} });
    };
    expect((await write('"first"')).code).toBe(0);
    const texts = (): Record<string, string> =>
      Object.fromEntries(readdirSync(out).map((name) => [name, readFileSync(join(out, name), "utf8")]));
    const before = texts();
    const { code, stdout } = await write('"x".repeat(900_000)');
    expect([code, stdout]).toEqual([
      1,
      expect.stringMatching(/EFBIG: .*; what was in the folder is still there$/),
    ]);
    expect(texts()).toEqual(before);
    expect(readdirSync(folder).filter((name) => name.startsWith(".out"))).toEqual([]);
  });
});
