import { join } from "node:path";
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

/** The newest first; what touches no cluster is the mark that all before it has succeeded. */
const DEPLOYMENTS = [
  ...["deploy/shop/dev: –", "deploy/shop/dev: dev-1"],
  ...["deploy/shop/staging: –", "deploy/shop/staging: us-1", "deploy/shop/staging: eu-1"],
  ...["deploy/shop/prod: –", "deploy/shop/prod: prod-1"],
];
const TIMEOUT_MS = 900_000;

describe("the demo", () => {
  it(
    "brings one image to four clusters, three by push and one by Flux, recorded in a ledger, and changes nothing when it is run again",
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
      const [[, , release, digest]] = rows as [string[]];
      for (const row of rows) expect(row.slice(2, 5)).toEqual([release, digest, "1/1"]);
      expect(digest).toMatch(/^sha256:[0-9a-f]{12}$/);
      expect(first).toMatch(/pulled back by digest, run on this machine: healthy, version \d+\.\d+\.\d+/);
      expect(deploymentsOf(first)).toEqual(DEPLOYMENTS);
      expect(first).toMatch(/^staging +eu-1, us-1 +shop-[0-9a-f]{12} .*✓ verified +nothing$/m);
      expect(first.trimEnd()).toMatch(/The same as a page: file:.*board\.html$/);

      const second = await demo("--act", "rollback");
      expect(second).toContain("Nothing had to change");
      expect(second.match(/^pulumi up .*no change/gm)).toHaveLength(5);
      expect(rowsOf(second)).toEqual(rows);
      expect(deploymentsOf(second)).toEqual(DEPLOYMENTS);
      const act = second.slice(second.indexOf("Second act"));
      expect(act).toMatch(/^prod +prod-1 +shop-[0-9a-f]{12} .*1 change, oldest [^,]+, pass$/m);
      expect(act).toMatch(/✗ forbidden +delivery promote staging/);
      expect(act).toMatch(new RegExp(`^staging +eu-1, us-1 +${release} .*✓ verified`, "m"));
      expect(act).toContain("held until");
      expect(act).toContain("staging is no longer held");
    },
    TIMEOUT_MS,
  );
});
