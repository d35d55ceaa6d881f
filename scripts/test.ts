import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { CHECKOUT } from "../sandbox/paths.ts";
import { countTests, summaryLine } from "./test/count.ts";
import type { Report, Tier } from "./test/count.ts";
import { TIERS } from "./test/count.ts";

const USAGE = `npm test [-- --tier unit --tier integration --tier e2e]

Checks lint, formatting and types, then runs the tests: all tiers, or those that are named.`;

const options = { tier: { type: "string", multiple: true }, help: { type: "boolean" } } as const;
const { values } = parseArgs({ options });
const tiers = (values.tier ?? TIERS) as Tier[];
const unknown = tiers.filter((tier) => !TIERS.includes(tier));
if (values.help || unknown.length > 0) {
  console.log(unknown.length > 0 ? `No tier is called ${unknown.join(", ")}.\n\n${USAGE}` : USAGE);
  process.exit(unknown.length > 0 ? 2 : 0);
}

const checks: readonly (readonly [title: string, command: string, ...args: string[]])[] = [
  ["lint", "eslint", ".", "--max-warnings", "0"],
  ["format", "prettier", "--check", "--log-level", "warn", "."],
  ["types", "tsc", "-p", "tsconfig.json"],
];
console.log(`${checks.map(([title]) => title).join(", ")}, side by side …`);
const passed = await Promise.all(checks.map(([title, ...words]) => step(title, words, "when it ends")));
const failedChecks = checks.filter((_, index) => !passed[index]).map(([title]) => title);
const { report, ended } = await runTests(tiers);
const counted = countTests(report, tiers);
const problems = [...failedChecks.map((title) => `${title} failed`), ...counted.problems];
if (!ended && counted.failed === 0) problems.push("the test run ended with an error; its output is above");
for (const problem of problems) console.log(`- ${problem}`);
console.log(summaryLine(counted, problems));
process.exitCode = problems.length > 0 || counted.failed > 0 ? 1 : 0;

type Shown = "as it comes" | "when it ends";

async function step(
  title: string,
  [command = "", ...args]: readonly string[],
  shown: Shown,
  more: Readonly<Record<string, string>> = {},
): Promise<boolean> {
  const begun = performance.now();
  const pipe = shown === "as it comes" ? "inherit" : "pipe";
  const env = { ...process.env, ...more };
  const child = spawn(command, args, { cwd: CHECKOUT, stdio: ["inherit", pipe, pipe], env });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => said.push(chunk));
  const ok = await new Promise<boolean>((resolve) => {
    child.once("close", (code) => resolve(code === 0)).once("error", () => resolve(false));
  });
  process.stdout.write(Buffer.concat(said));
  console.log(`${ok ? "✓" : "✗"} ${title} (${((performance.now() - begun) / 1000).toFixed(1)} s)`);
  return ok;
}

async function runTests(projects: readonly Tier[]): Promise<{ report: Report; ended: boolean }> {
  const folder = mkdtempSync(join(tmpdir(), "delivery-test-"));
  const file = join(folder, "report.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const command = ["vitest", "run", ...projects.flatMap((tier) => ["--project", tier]), ...reporters];
  // Each file has a process of its own, and most load the same packages.
  const env = { NODE_COMPILE_CACHE: join(folder, "compiled") };
  const ended = await step("tests", command, "as it comes", env);
  try {
    return { report: JSON.parse(readFileSync(file, "utf8")) as Report, ended };
  } catch {
    return { report: { testResults: [] }, ended: false };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
