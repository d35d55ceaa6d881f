import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { resultsChart } from "./chart.ts";
import { resultsMarkdown } from "./markdown.ts";
import { merged } from "./results.ts";
import type { Result } from "./results.ts";

/** Writes `results.json`, `RESULTS.md` and `chart.svg` into a folder; rows that were not run stay as they are there. */
export function writeResults(folder: string, results: readonly Result[]): void {
  const all = merged(readResults(folder), results);
  writeFileSync(join(folder, "results.json"), `${JSON.stringify(all, null, 2)}\n`);
  writeFileSync(join(folder, "RESULTS.md"), resultsMarkdown(all));
  writeFileSync(join(folder, "chart.svg"), resultsChart(all));
}

function readResults(folder: string): Result[] {
  try {
    return JSON.parse(readFileSync(join(folder, "results.json"), "utf8")) as Result[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
