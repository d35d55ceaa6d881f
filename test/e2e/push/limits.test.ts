import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRepository } from "../../../sandbox/git/index.ts";
import { run, tryRun } from "../../../sandbox/processes/index.ts";
import type { RunResult } from "../../../sandbox/processes/index.ts";
import { makePushWorld, target } from "./world";
import type { PushWorld } from "./world";

const EU = `clusters: [${target("eu-1")}]`;
const UP = ["up", "--yes", "--skip-preview", "--non-interactive", "--color", "never", "--stack", "dev"];

let world: PushWorld;
beforeAll(async () => {
  world = await makePushWorld("limits");
  world.deliver({ targets: EU, greeting: "at first" });
  await world.project.up();
});
afterAll(() => world?.remove());

const greeting = async (): Promise<unknown> =>
  (await world.in("eu-1").objects())["ConfigMap/orders-config"]?.data?.["GREETING"];

const isLocked = ({ stdout, stderr }: RunResult): boolean => (stdout + stderr).includes("currently locked");

/** What was begun under a limit is done without it, with nothing but the command that a message names. */
async function isDoneBy(wanted: string): Promise<void> {
  const first = await world.project.tryUp();
  if (isLocked(first)) await world.project.pulumi("cancel", "--yes", "--stack", "dev");
  await world.project.up();
  expect([await greeting(), await world.project.up()]).toEqual([wanted, {}]);
}

/** In order, on one delivery: what one does, the next goes on from. */
describe("this machine (F24)", () => {
  it.each([32, 64])(
    "with %i open files delivers or says so, and the next update does what is left",
    async (limit) => {
      const wanted = `with ${limit}`;
      const before = await greeting();
      world.deliver({ targets: EU, greeting: wanted });
      const words = ["-c", `ulimit -n ${limit} && exec "$@"`, "sh", "pulumi", ...UP];
      const { code, stdout } = await tryRun("sh", words, {
        cwd: world.project.root,
        env: world.project.env,
      });
      expect(code === 0 ? "" : stdout).toMatch(/^$|open files/);
      expect(stdout).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
      expect(code === 0 ? [wanted] : [before, wanted]).toContain(await greeting());
      await isDoneBy(wanted);
    },
  );

  it("whose temporary folder is full says so before anything is applied, and goes on once there is room", async ({
    skip,
  }) => {
    const small = join(world.project.root, "small");
    mkdirSync(small);
    const mounted = await tryRun("mount", ["-t", "tmpfs", "-o", "size=16k", "tmpfs", small]);
    if (mounted.code !== 0) skip("mounting is not allowed here");
    const { cloneUrl } = await createRepository(world.sandbox.git, "limits-deploy", { private: true });
    const before = await greeting();
    const args = `ledger: { repository: ${JSON.stringify(cloneUrl)} },`;
    world.deliver({ targets: EU, greeting: "without room", args });
    try {
      const { code, stdout } = await world.project.tryUp("dev", { TMPDIR: small });
      expect([code === 0, stdout]).toEqual([false, expect.stringContaining("the temporary folder is full")]);
      expect(stdout).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
      expect(await greeting()).toBe(before);
      expect(readdirSync(small)).toEqual([]);
    } finally {
      await run("umount", [small]);
    }
    await isDoneBy("without room");
  });

  it("whose folder of the program cannot be written delivers all the same", async ({ skip }) => {
    const { root } = world.project;
    const mounted = await tryRun("mount", ["--bind", root, root]);
    if (mounted.code !== 0) skip("mounting is not allowed here");
    try {
      world.deliver({ targets: EU, greeting: "read-only" });
      await run("mount", ["--bind", join(root, "state"), join(root, "state")]);
      await run("mount", ["-o", "remount,bind,ro", root]);
      await world.project.up();
      expect(await greeting()).toBe("read-only");
    } finally {
      await tryRun("umount", [join(root, "state")]);
      await run("umount", [root]);
    }
  });
});
