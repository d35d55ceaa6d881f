import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { CHECKOUT } from "../../../sandbox/paths.ts";
import { run } from "../../../sandbox/processes/index.ts";
import { cliOf } from "./cli";

const cli = cliOf("demo");
afterAll(() => cli.sandbox("down"));

const demo = (...words: string[]): Promise<string> =>
  run(process.execPath, [join(CHECKOUT, "scripts", "demo", "main.ts"), "--name", cli.name, ...words]);

/** The rows of the table, without its heading. */
function rowsOf(said: string): string[][] {
  const lines = said.split("\n");
  const heading = lines.findIndex((line) => line.startsWith("ENVIRONMENT"));
  return lines
    .slice(heading + 2)
    .filter((line) => line.includes("kubectl"))
    .map((line) => line.split(/ {2,}/));
}

/** The lines of the ledger's log, as branch and clusters. */
function deploymentsOf(said: string): string[] {
  const rows = said.split("\n").map((line) => line.split(/ {2,}/));
  return rows.filter(([commit = ""]) => /^[0-9a-f]{10}$/.test(commit)).map((row) => `${row[1]}: ${row[3]}`);
}

const told = (environment: string, ...clusters: string[]): string[] =>
  clusters.map((cluster) => `deploy/shop/${environment}: ${cluster}`);
/** The newest five of each; what touches no cluster is the mark that all before it has succeeded. */
const DEPLOYMENTS = [
  ...told("dev", "–", "dev-1", "–", "dev-1"),
  ...told("staging", "–", "us-1", "eu-1", "–", "us-1"),
  ...told("prod", "–", "prod-1"),
];
/** The row of an environment on the board, with what its guards say below it. */
const boardRow = (said: string, environment: string): string | undefined =>
  new RegExp(`^${environment} {2,}.*\n(?: +\\S.*\n)*`, "m").exec(
    said.slice(said.lastIndexOf("PENDING")),
  )?.[0];
const TIMEOUT_MS = 900_000;

describe("the demo", () => {
  it(
    "brings one image to four clusters, three by push and one by Flux, recorded in a ledger, and one more change as far as prod, where it waits; run again, it changes nothing",
    async () => {
      const first = await demo();
      const rows = rowsOf(first);
      expect(rows.map(([environment, cluster]) => [environment, cluster])).toEqual([
        ["dev", "dev-1"],
        ["staging", "eu-1"],
        ["staging", "us-1"],
        ["prod", "prod-1"],
      ]);
      expect(rows.map((row) => row[5])).toEqual(["push", "push", "push", "Flux (live)"]);
      const [[, , next, digest], , , [, , release]] = rows as [string[], string[], string[], string[]];
      expect(release).not.toBe(next);
      expect(rows.map((row) => row[2])).toEqual([next, next, next, release]);
      for (const row of rows) expect(row.slice(3, 5)).toEqual([digest, "1/1"]);
      expect(digest).toMatch(/^sha256:[0-9a-f]{12}$/);
      expect(first).toMatch(/pulled back by digest, run on this machine: healthy, version \d+\.\d+\.\d+/);
      expect(deploymentsOf(first)).toEqual(DEPLOYMENTS);
      expect(boardRow(first, "staging")).toMatch(
        new RegExp(`eu-1, us-1 +${next} .*✓ verified +nothing$`, "m"),
      );
      const waiting = new RegExp(
        `prod-1 +${release} .*1 change, oldest [^\n]+\n +block: .*staging.* 10m; wait until .*\\[soak\\]`,
      );
      expect(boardRow(first, "prod")).toMatch(waiting);
      const page = /The same as a page: (file:.*board\.html)$/.exec(first.trimEnd())?.[1];
      expect(readFileSync(fileURLToPath(page!), "utf8")).toMatch(/wait until [^<]*\[soak\]/);

      const second = await demo("--act", "rollback");
      expect(second).toContain("Nothing had to change");
      expect(second.match(/^pulumi up .*no change/gm)).toHaveLength(5);
      expect(rowsOf(second)).toEqual(rows);
      expect(deploymentsOf(second)).toEqual(DEPLOYMENTS);
      const act = second.slice(second.indexOf("Second act"));
      expect(act).toMatch(/^prod +prod-1 +shop-[0-9a-f]{12} .*2 changes, oldest/m);
      expect(act).toMatch(/✗ forbidden +delivery promote staging/);
      expect(boardRow(act, "staging")).toMatch(new RegExp(`eu-1, us-1 +${next} .*✓ verified`));
      expect(act).toContain("held until");
      expect(act).toContain("staging is no longer held");
    },
    TIMEOUT_MS,
  );
});
