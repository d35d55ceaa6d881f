import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Bench, Finding, Row } from "./contract.ts";
import { packageVersions, resultLine, toResult, writeResults } from "./report/index.ts";
import type { Result } from "./report/index.ts";
import { compareInRounds, ControlLoop } from "./runner/index.ts";

const USAGE = `npm run bench [-- --row B1 --row B3] [--quick] [--out FOLDER]

Measures the library against its peers, one row after the other, and writes results.json, RESULTS.md and chart.svg.
  --row ID      only this row; can be given more than once
  --quick       small sizes and few rounds, to see that it runs: nothing is written unless --out is given
  --out FOLDER  where to write; default: test/bench`;

const RUNS = 10;
const QUICK_RUNS = 2;

const { values } = parseArgs({
  options: {
    row: { type: "string", multiple: true },
    quick: { type: "boolean" },
    out: { type: "string" },
    help: { type: "boolean" },
  },
});

async function main(): Promise<number> {
  const rows = await allRows();
  const wanted = (values.row ?? rows.map(({ id }) => id)).map((id) => id.toUpperCase());
  const unknown = wanted.filter((id) => !rows.some((row) => row.id === id));
  if (values.help || unknown.length > 0) {
    const known = rows.map(({ id, title }) => `  ${id}  ${title}`).join("\n");
    console.log([...unknown.map((id) => `There is no row ${id}.`), USAGE, "", "Rows:", known].join("\n"));
    return values.help ? 0 : 2;
  }
  const quick = values.quick ?? false;
  const out = values.out ?? (quick ? undefined : import.meta.dirname);
  const loop = new ControlLoop();
  const results: Result[] = [];
  for (const row of rows.filter(({ id }) => wanted.includes(id))) {
    results.push(...(await runRow(row, quick, loop)));
    // After each row: a later one that fails does not take the earlier ones' figures along.
    if (out !== undefined) writeResults(out, results);
  }
  return results.every(({ holds }) => holds) ? 0 : 1;
}

/** One file of `rows/` is one row. */
async function allRows(): Promise<Row[]> {
  const folder = join(import.meta.dirname, "rows");
  const files = readdirSync(folder).filter((name) => /^b\d+.*\.ts$/.test(name));
  const rows = await Promise.all(
    files.sort().map(async (file) => ((await import(join(folder, file))) as { default: Row }).default),
  );
  return rows;
}

async function runRow(row: Row, quick: boolean, loop: ControlLoop): Promise<Result[]> {
  console.log(`${row.id}  ${row.title}`);
  const dir = mkdtempSync(join(tmpdir(), `delivery-bench-${row.id.toLowerCase()}-`));
  const bench: Bench = {
    quick,
    dir,
    compare: (contestants, { runs = RUNS, warm = true } = {}) =>
      compareInRounds(contestants, { runs: quick ? QUICK_RUNS : runs, warm }, loop),
    say: (text) => console.log(`    ${text}`),
  };
  try {
    const findings = await row.run(bench);
    return findings.map((finding) => printed(row.id, finding));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function printed(id: string, finding: Finding): Result {
  const result = toResult(id, finding, { ...packageVersions(), ...finding.versions });
  console.log(resultLine(result));
  return result;
}

process.exitCode = await main();
