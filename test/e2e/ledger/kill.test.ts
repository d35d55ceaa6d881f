import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clearFaults, clearRequests, requests, setFault } from "../../../sandbox/git/index.ts";
import { signalGroup, waitUntil } from "../../../sandbox/processes/index.ts";
import { installLibrary } from "./library";
import {
  BRANCH,
  argsFor,
  commitCount,
  endWorld,
  filesOf,
  git,
  leftovers,
  newDeploy,
  publishIn,
  startWorld,
} from "./support";
import type { Deploy, LedgerWorld } from "./support";
import { startWriter } from "./writers";

const FULL = process.env["DELIVERY_FULL_COUNTS"] === "1";
const TRIALS = FULL ? 100 : 6;

let world: LedgerWorld;

beforeAll(async () => {
  world = await startWorld();
  installLibrary(world.dir);
});
afterAll(() => endWorld(world));

const PREFIX = "clusters/eu";
const stack = "shop/prod";
const files = (value: number): Record<string, string> =>
  Object.fromEntries(["a", "b", "c"].map((name) => [`${PREFIX}/${name}.yaml`, `value: ${value}\n`]));
const trimmed = (value: number): Record<string, string> =>
  Object.fromEntries(Object.entries(files(value)).map(([path, text]) => [path, text.trimEnd()]));

async function begun(name: string): Promise<Deploy> {
  const deploy = await newDeploy(world, name);
  await publishIn(world, argsFor(deploy, files(0)));
  return deploy;
}

/** The branch has all of the old files or all of the new ones, and is sound. */
async function expectWhole(deploy: Deploy, old: number, next: number): Promise<void> {
  const present = await filesOf(deploy, BRANCH);
  expect([trimmed(old), trimmed(next)]).toContainEqual(present);
  await git(deploy, "fsck", "--strict", "--no-dangling");
}

/** Publishes after a kill: it goes on without help, makes no second commit, and removes what the kill left. */
async function expectRecovery(deploy: Deploy, value: number, before: number): Promise<void> {
  const writer = startWriter(world, deploy, {
    prefix: PREFIX,
    rounds: 1,
    files: files(value),
    stack,
    announce: true,
  });
  expect(await writer.ended).toMatchObject({ code: 0 });
  expect(await filesOf(deploy, BRANCH)).toEqual(trimmed(value));
  expect(await commitCount(deploy, BRANCH)).toBe(before + 1);
  expect(leftovers(undefined, world.dir)).toEqual([]);
}

describe("a publisher that is killed", () => {
  it.each(["fetched", "built", "committed", "pushed"])(
    "after the step %s leaves the old tree or the new one, and the next run goes on",
    async (killAt) => {
      const deploy = await begun(`kill-${killAt}`);
      const writer = startWriter(world, deploy, {
        prefix: PREFIX,
        rounds: 1,
        files: files(1),
        stack,
        killAt,
      });
      expect((await writer.ended).signal).toBe("SIGKILL");
      expect(leftovers(writer.process.pid, world.dir)).toHaveLength(1);
      await expectWhole(deploy, 0, 1);
      expect(await filesOf(deploy, BRANCH)).toEqual(trimmed(killAt === "pushed" ? 1 : 0));
      await expectRecovery(deploy, 1, 1);
    },
  );

  it("with all its processes while the server works on any of its requests leaves one or the other", async () => {
    const deploy = await begun("kill-request");
    await clearRequests(world.server);
    await publishIn(world, argsFor(deploy, files(1)));
    const count = (await requests(world.server)).length;
    expect(count).toBeGreaterThanOrEqual(5);
    for (let skip = 0; skip < count; skip++) {
      await clearRequests(world.server);
      await setFault(world.server, { kind: "pause", skip, times: 1 });
      const writer = startWriter(world, deploy, { prefix: PREFIX, rounds: 1, files: files(skip + 2), stack });
      const reached = await waitUntil(async () => (await requests(world.server)).length > skip, 30_000);
      expect(reached).toBe(true);
      signalGroup(writer.process.pid!, "SIGKILL");
      await writer.ended;
      await clearFaults(world.server);
      await expectWhole(deploy, skip + 1, skip + 2);
      await expectRecovery(deploy, skip + 2, skip + 2);
    }
  });

  it(`at any of ${TRIALS} random moments leaves one or the other`, { timeout: 3_600_000 }, async () => {
    const deploy = await begun("kill-random");
    const whole = startWriter(world, deploy, { prefix: PREFIX, rounds: 1, files: files(1), stack });
    const began = performance.now();
    await whole.ended;
    const duration = performance.now() - began;
    let published = 0;
    for (let trial = 0; trial < TRIALS; trial++) {
      const value = trial + 2;
      const writer = startWriter(world, deploy, { prefix: PREFIX, rounds: 1, files: files(value), stack });
      const timer = setTimeout(
        () => signalGroup(writer.process.pid!, "SIGKILL"),
        duration * Math.random() * 1.1,
      );
      const { signal } = await writer.ended;
      clearTimeout(timer);
      await expectWhole(deploy, value - 1, value);
      if (signal === null) published++;
      await expectRecovery(deploy, value, value);
    }
    console.log(
      `kill: ${TRIALS - published} of ${TRIALS} runs killed at random, each left one tree or the other`,
    );
  });

  it.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
    "by %s leaves no folder behind, and ends by that signal",
    async (signal) => {
      const deploy = await begun(`signal-${signal}`);
      await setFault(world.server, { kind: "pause", skip: 1, times: 1 });
      await clearRequests(world.server);
      const writer = startWriter(world, deploy, { prefix: PREFIX, rounds: 1, files: files(1), stack });
      expect(await waitUntil(async () => (await requests(world.server)).length > 1, 30_000)).toBe(true);
      process.kill(writer.process.pid!, signal);
      const ended = await writer.ended;
      await clearFaults(world.server);
      expect(ended.signal).toBe(signal);
      expect(leftovers(writer.process.pid, world.dir)).toEqual([]);
      expect(await filesOf(deploy, BRANCH)).toEqual(trimmed(0));
    },
  );
});
