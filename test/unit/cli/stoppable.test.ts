import { existsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { stoppable } from "../../../cli/up/stoppable";

describe("a run of the engine by delivery up", () => {
  it("has a folder for temporary files that nobody else reads, and leaves nothing of it behind", async () => {
    const folder = await stoppable(async ({ env }) => {
      expect(statSync(env.TMPDIR).mode & 0o777).toBe(0o700);
      writeFileSync(join(env.TMPDIR, "kubeconfig123"), "token");
      return env.TMPDIR;
    });
    expect(existsSync(folder)).toBe(false);
  });

  it.each(["SIGINT", "SIGTERM"] as const)(
    "is asked to stop by %s, waited for, and leaves nothing behind then either",
    async (name) => {
      const before = process.listenerCount(name);
      let folder = "";
      const run = stoppable(async ({ env, signal }) => {
        folder = env.TMPDIR;
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
        expect(existsSync(folder)).toBe(true);
        throw new Error("stopped");
      });
      process.emit(name, name);
      await expect(run).rejects.toThrow("stopped");
      expect([existsSync(folder), process.listenerCount(name)]).toEqual([false, before]);
    },
  );
});
