import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { openWorld } from "./engine";
import type { World } from "./engine";

/** Without images: what needs them is all that is looked at. */
let world: World;
beforeAll(() => {
  world = openWorld();
  world.buildToDev("x");
});
afterAll(() => world.close());

/** The engine fails for one stack, with these words. */
function failFor(stack: string, words: string): void {
  const script = `#!/bin/sh\ncase "$*" in *"--stack ${stack} "*) echo "${words}" >&2; exit 255;; esac\necho "[]"\n`;
  world.write("bin/pulumi", script);
  chmodSync(join(world.root, "bin/pulumi"), 0o755);
}

describe("delivery images prune", () => {
  it.each([
    ["build", "what was built last"],
    ["dev", "what has succeeded in dev"],
  ])("removes nothing while the engine cannot be asked about %s", async (stack, what) => {
    failFor(stack, "error: you are not logged in");
    const { code, stdout } = await world.run("images", "prune", "--delete");
    expect(code).toBe(3);
    expect(stdout).toContain(`- ${what} is not known: error: you are not logged in`);
  });

  it.each(["build", "dev"])("needs nothing of a stack that is not there: %s", async (stack) => {
    failFor(stack, `error: no stack named '${stack}' found`);
    expect((await world.run("images", "prune", "--delete")).code).toBe(0);
  });
});
