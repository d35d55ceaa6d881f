import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CHECKOUT } from "../../../sandbox/paths.ts";
import { run } from "../../../sandbox/processes/index.ts";
import { BOMBS } from "../../unit/manifests/bombs";

const MANIFESTS = join(CHECKOUT, "dist", "components", "manifests");
/** What refusing one may take on top of the process and the text (I9 of the trust table). */
const MOST_BYTES = 100_000_000;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "bombs-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Refused {
  readonly problems: number;
  readonly ms: number;
  readonly bytes: number;
}

/** Reads a text in a process of its own, which has read another one before. */
async function refused(text: string): Promise<Refused> {
  const [input, program] = [join(folder, "bomb.yaml"), join(folder, "program.cjs")];
  writeFileSync(input, text);
  writeFileSync(
    program,
    `const { parseYaml } = require(${JSON.stringify(MANIFESTS)});
    const text = require("node:fs").readFileSync(${JSON.stringify(input)}, "utf8");
    parseYaml("a: &a {b: 'warm up'}\\nc: *a\\n", { origin: "small.yaml" });
    const [before, begun] = [process.memoryUsage().rss, performance.now()];
    let problems = 0;
    try { parseYaml(text, { origin: "bomb.yaml" }); } catch (error) { problems = error.problems.length; }
    const ms = performance.now() - begun;
    const bytes = process.resourceUsage().maxRSS * 1024 - before;
    process.stdout.write(JSON.stringify({ problems, ms, bytes }));`,
  );
  return JSON.parse(await run(process.execPath, [program], { cwd: folder, env: {} })) as Refused;
}

describe("what takes a reader's memory", () => {
  it.each(BOMBS)("%s is refused with less than 100 MB", async (what, text) => {
    const { problems, ms, bytes } = await refused(text);
    console.log(`${what}: refused in ${ms.toFixed(0)} ms with ${(bytes / 1e6).toFixed(0)} MB`);
    expect(problems).toBeGreaterThan(0);
    expect(bytes).toBeLessThan(MOST_BYTES);
  });
});
