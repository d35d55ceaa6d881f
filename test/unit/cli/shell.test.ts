import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { commands } from "../../../cli/commands";
import { EXIT } from "../../../cli/shell/contract";
import { delivery } from "./run";

const empty = mkdtempSync(join(tmpdir(), "no-project-"));
const noPipeline = mkdtempSync(join(tmpdir(), "no-pipeline-"));
writeFileSync(join(noPipeline, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
afterAll(() => [empty, noPipeline].forEach((folder) => rmSync(folder, { recursive: true })));

describe("the help", () => {
  it("names every command, and each has examples of its own", async () => {
    const { code, stdout } = await delivery(["--help"]);
    expect(code).toBe(0);
    for (const { name, summary, examples } of commands) {
      expect(stdout).toContain(`\n  ${name}`);
      expect(stdout.replaceAll(/\s+/g, " ")).toContain(summary);
      expect(examples.length).toBeGreaterThan(0);
      const help = await delivery([name, "--help"]);
      for (const { line } of examples) expect(help.stdout).toContain(line);
    }
  });

  it("fits into 100 columns, and has colours on a terminal only, unless NO_COLOR is set", async () => {
    const words = ["promote", "--help"];
    const { stdout } = await delivery(words);
    expect(stdout.split("\n").filter((line) => line.length > 100)).toEqual([]);
    const coloured = await delivery(words, { isTTY: true });
    expect(coloured.stdout).toContain("\u001b[1mUsage");
    expect((await delivery(words, { isTTY: true, env: { NO_COLOR: "1" } })).stdout).toBe(stdout);
    expect((await delivery(words, { isTTY: true, env: { TERM: "dumb" } })).stdout).toBe(stdout);
  });
});

describe("the guides", () => {
  const text = ["command-line.md", "awareness.md"]
    .map((name) => readFileSync(join("docs", name), "utf8"))
    .join("\n");

  it.each(commands.map(({ name, options }) => [name, options] as const))(
    "tell of delivery %s, with all that it takes",
    (name, options) => {
      expect(text).toMatch(new RegExp(`^## \`?delivery ${name}\\b`, "m"));
      const missing = options.filter((option) => !text.includes(`--${option.name}`));
      expect(missing.map((option) => option.name)).toEqual([]);
    },
  );

  it("have every exit code", () => {
    const codes = [...text.matchAll(/^\| (\d) +\|/gm)].map(([, code]) => Number(code));
    expect(codes).toEqual(Object.values(EXIT));
  });
});

describe("a wrong command line", () => {
  it("is refused with code 2 and what was probably meant", async () => {
    expect(await delivery(["promot"])).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining("did you mean promote?"),
    });
    expect(await delivery(["promote", "dev", "--relase", "x"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("did you mean --release?"),
    });
  });

  it("is told with all that is wrong at once", async () => {
    const { code, stderr } = await delivery(["up", "--on-failure", "panic", "--nothing"]);
    expect(code).toBe(2);
    for (const part of ["ENV is missing", '--on-failure is "panic"', "--nothing is no option"])
      expect(stderr).toContain(part);
    expect((await delivery(["hold", "dev", "prod", "--reason"])).stderr).toMatch(
      /"prod" is one word too many/,
    );
    expect((await delivery(["hold", "dev", "--lift=yes"])).stderr).toContain("--lift takes no value");
  });

  it("is JSON for a program that asked for it", async () => {
    const { code, stdout, stderr } = await delivery(["up", "--json"]);
    expect([code, stderr]).toEqual([2, ""]);
    expect(JSON.parse(stdout)).toMatchObject({
      error: { exit: 2, problems: [expect.stringContaining("ENV is missing")] },
    });
  });
});

describe("a folder without what is needed", () => {
  it("gets told that there is no project, and how to make one", async () => {
    const { code, stderr } = await delivery(["hold", "dev"], { cwd: empty });
    expect(code).toBe(2);
    expect(stderr).toContain("has a Pulumi.yaml");
    expect(stderr).toContain("delivery init");
  });

  it("gets told that a project has no pipeline", async () => {
    const { code, stderr } = await delivery(["hold", "dev", "--project", noPipeline]);
    expect(code).toBe(2);
    expect(stderr).toContain(
      'it has no infra/pipeline.ts, which says what the environments are; add one that exports "pipeline"',
    );
  });
});
