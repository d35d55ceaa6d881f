import { spawnSync } from "node:child_process";
import { CHECKOUT } from "../sandbox/paths.ts";

/** Tests whose full counts take minutes: `npm test` runs the same ones with small counts. */
const SOAKS: Readonly<Record<string, string>> = {
  race: "test/e2e/ledger/race.test.ts",
  kill: "test/e2e/ledger/kill.test.ts",
  "up-kill": "test/e2e/push/interrupted.test.ts",
  bombs: "test/e2e/manifests/bombs.test.ts",
};
const USAGE = `npm run soak -- race|kill|up-kill|bombs

race      16 publishers of one ledger, 50 rounds each, and 50 pairs of publishers of one folder
kill      100 publishers killed at random moments, beside the kills at each step and request
up-kill   50 times pulumi up, killed at random moments and run again
bombs     YAML that takes a reader's time or memory: what refusing each of them takes`;

const [name = "", ...more] = process.argv.slice(2);
const file = Object.hasOwn(SOAKS, name) && more.length === 0 ? SOAKS[name] : undefined;
if (file === undefined) {
  console.log(USAGE);
  process.exitCode = name === "--help" ? 0 : 2;
} else {
  const env = { ...process.env, DELIVERY_FULL_COUNTS: "1" };
  const args = ["run", "--project", "e2e", file];
  process.exitCode = spawnSync("vitest", args, { cwd: CHECKOUT, env, stdio: "inherit" }).status ?? 1;
}
