import { spawnSync } from "node:child_process";
import { CHECKOUT } from "../sandbox/paths.ts";

/** Tests whose full counts take minutes: `npm test` runs the same ones with small counts. */
const SOAKS: Readonly<Record<string, readonly string[]>> = {
  race: ["test/e2e/ledger/race.test.ts"],
  kill: ["test/e2e/ledger/kill.test.ts"],
  "up-kill": ["test/e2e/push/interrupted.test.ts"],
  bombs: ["test/e2e/manifests/bombs.test.ts"],
  definitions: ["test/e2e/push/faults.test.ts", "--testNamePattern", "F13"],
  evict: ["test/e2e/pull/agent.test.ts", "--testNamePattern", "evicted"],
};
const USAGE = `npm run soak -- race|kill|up-kill|bombs|definitions|evict

race         16 publishers of one ledger, 50 rounds each, and 50 pairs of publishers of one folder
kill         100 publishers killed at random moments, beside the kills at each step and request
up-kill      50 times pulumi up, killed at random moments and run again; 10 times killed right after the ledger was told
bombs        YAML that takes a reader's time or memory: what refusing each of them takes
definitions  20 times a definition of a kind and an object of it, installed together where neither is there
evict        20 times a controller of Flux that is evicted in the middle of a delivery`;

const [name = "", ...more] = process.argv.slice(2);
const tests = Object.hasOwn(SOAKS, name) && more.length === 0 ? SOAKS[name] : undefined;
if (tests === undefined) {
  console.log(USAGE);
  process.exitCode = name === "--help" ? 0 : 2;
} else {
  const env = { ...process.env, DELIVERY_FULL_COUNTS: "1" };
  const args = ["run", "--project", "e2e", ...tests];
  process.exitCode = spawnSync("vitest", args, { cwd: CHECKOUT, env, stdio: "inherit" }).status ?? 1;
}
