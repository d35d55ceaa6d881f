import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readLedger } from "../../../components";
import { createRepository } from "../../../sandbox/git/index.ts";
import { signalGroup, waitUntil } from "../../../sandbox/processes/index.ts";
import { makePushWorld, target, wave } from "./world";
import type { PushWorld } from "./world";

const FULL = process.env["DELIVERY_FULL_COUNTS"] === "1";
/** The Kubernetes plugin leaves a file of its own, when it was given a kubeconfig as text; see the README of push. */
const OF_THE_PLUGIN = /^kubeconfig\d+$/;
/** Updates that are killed at a random moment; some at a time are named by the variable. */
const TRIALS = Number(process.env["DELIVERY_UP_KILLS"] ?? (FULL ? 50 : 2));
/** Updates that are killed between the ledger's commit and the state's. */
const TOLD_TRIALS = FULL ? 10 : 1;
const EU = `clusters: [${target("eu-1")}]`;
const UP = ["up", "--yes", "--skip-preview", "--non-interactive", "--color", "never", "--stack", "dev"];

/** What the engine says of a lock that an update has left. */
const LOCKED = /the stack is currently locked by 1 lock[\s\S]*pulumi cancel/;

let world: PushWorld;
beforeAll(async () => {
  world = await makePushWorld("interrupted");
});
afterAll(() => world?.remove());

interface Update {
  readonly process: ChildProcess;
  /** Its exit code, and what it said. */
  readonly ended: Promise<{ readonly code: number | null; readonly said: string }>;
}

/** `pulumi up` in a process group of its own, with a folder of its own for temporary files. */
function startUp(env: Readonly<Record<string, string>> = {}): Update {
  const options = { cwd: world.project.root, env: { ...world.project.env, ...env }, detached: true };
  const process = spawn("pulumi", UP, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  const said = Promise.all([text(process.stdout), text(process.stderr)]);
  const ended = once(process, "close").then(async ([code]) => ({
    code: code as number | null,
    said: (await said).join(""),
  }));
  return { process, ended };
}

const greeting = async (): Promise<string | undefined> =>
  (await world.in("eu-1").objects())["ConfigMap/orders-config"]?.data?.["GREETING"];

/** In order, on one delivery: what one does, the next goes on from. */
describe("an update that is killed (F6, F7)", () => {
  it(
    `at any of ${TRIALS} random moments is done by the next one, with the command that its message names at most`,
    { timeout: 3_600_000 },
    async () => {
      world.deliver({ targets: EU, greeting: "first" });
      const begun = performance.now();
      await world.project.up();
      const whole = performance.now() - begun;
      let locked = 0;
      for (let trial = 0; trial < TRIALS; trial++) {
        const next = `trial ${trial}`;
        world.deliver({ targets: EU, greeting: next, more: notes(trial) });
        await killAfter(startUp(), whole * Math.random());
        if (await goOn()) locked++;
        expect(await greeting()).toBe(next);
        expect(await world.in("eu-1").names()).toContain(`ConfigMap/notes-${trial}`);
        await world.project.pulumi("preview", "--expect-no-changes", "--stack", "dev");
      }
      console.log(`up-kill: ${TRIALS} updates killed, ${locked} left a lock; all were done by the next`);
    },
  );

  it(
    `right after the ledger was told, ${TOLD_TRIALS} times, is done by the next one, which tells the ledger nothing twice`,
    { timeout: 3_600_000 },
    async () => {
      const made = await createRepository(world.sandbox.git, "interrupted-deploy", { private: true });
      const args = `ledger: { repository: ${JSON.stringify(made.cloneUrl)} },`;
      const tellings = async (): Promise<number> => {
        const environment = { ...process.env, ...world.project.env };
        const location = { repository: made.cloneUrl, branch: "deploy/orders/dev" };
        const ledger = await readLedger(location, { environment });
        ledger.close();
        return ledger.history.filter(({ clusters }) => clusters.includes("eu-1")).length;
      };
      for (let trial = 0; trial < TOLD_TRIALS; trial++) {
        world.deliver({ targets: EU, greeting: `told ${trial}`, args });
        const update = startUp();
        expect(await waitUntil(async () => (await tellings()) > trial, 120_000)).toBe(true);
        signalGroup(update.process.pid!, "SIGKILL");
        await update.ended;
        await goOn();
        expect([await greeting(), await tellings()]).toEqual([`told ${trial}`, trial + 1]);
      }
    },
  );

  it("while a gate waits leaves a lock that nobody breaks by himself, and says with which command to end it", async () => {
    world.deliver({ targets: EU, greeting: "locked", tooBigIn: ["eu-1"] });
    const update = startUp();
    expect(await waitUntil(async () => (await greeting()) === "locked", 120_000)).toBe(true);
    signalGroup(update.process.pid!, "SIGKILL");
    await update.ended;
    world.deliver({ targets: EU, greeting: "unlocked" });
    for (const again of [startUp(), startUp()]) {
      const { code, said } = await again.ended;
      expect([code === 0, said]).toEqual([false, expect.stringMatching(LOCKED)]);
    }
    expect(await greeting()).toBe("locked");
    await world.project.pulumi("cancel", "--yes", "--stack", "dev");
    await world.project.up();
    expect([await greeting(), await world.project.up()]).toEqual(["unlocked", {}]);
  });

  /** Runs it again, with the command that its message names, if it does; says whether a lock was left. */
  async function goOn(): Promise<boolean> {
    const { code, said } = await startUp().ended;
    if (code === 0) return false;
    expect(said).toMatch(LOCKED);
    await world.project.pulumi("cancel", "--yes", "--stack", "dev");
    await world.project.up();
    return true;
  }

  /** Each trial makes an object and deletes that of the one before. */
  const notes = (trial: number): string =>
    `[{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "notes-${trial}" }, data: {} }]`;

  async function killAfter({ process, ended }: Update, ms: number): Promise<void> {
    const timer = setTimeout(() => signalGroup(process.pid!, "SIGKILL"), ms);
    await ended;
    clearTimeout(timer);
  }
});

describe("an update that is asked to stop (F8)", () => {
  it.each(["SIGINT", "SIGTERM"] as const)(
    "by %s while a gate waits ends, leaves no file of ours behind, and the next one goes on",
    async (signal) => {
      const files = join(world.project.root, `tmp-${signal}`);
      mkdirSync(files);
      world.project.write("eu.kubeconfig", world.ways.kubeconfigOf("eu-1"));
      const kubeconfig = `require("node:fs").readFileSync("eu.kubeconfig", "utf8")`;
      const byText = `{ name: "eu-1", kubeconfig: ${kubeconfig} }`;
      const targets = `waves: [{ name: "all", clusters: [${byText}], timeout: "20s" }]`;
      world.deliver({ targets, greeting: signal, tooBigIn: ["eu-1"] });
      const { process, ended } = startUp({ TMPDIR: files });
      const { api, name: namespace } = world.in("eu-1");
      const config = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "orders-config", namespace } };
      await api.until(config, (found) => found?.data?.["GREETING"] === signal, 60_000);
      process.kill(signal);
      expect((await ended).code).not.toBe(0);
      const left = readdirSync(files, { recursive: true }) as string[];
      expect(left.filter((name) => !OF_THE_PLUGIN.test(name))).toEqual([]);
      world.deliver({ targets: `waves: [${wave("all", ["eu-1"])}]`, greeting: signal });
      await world.project.up();
      expect(await world.project.up()).toEqual({});
    },
  );
});
