import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { found, MANIFEST_DIGEST, MISSING, serve } from "../../support/image/fake-registry";
import type { FakeServer } from "../../support/image/fake-registry";
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

/** A registry with one image, and a project that is built for it; `onListed` is called when the tags have been asked for. */
async function withImage(
  onListed: (built: World) => void = () => {},
): Promise<{ readonly built: World; readonly registry: FakeServer }> {
  const registry = await serve(({ method, path }) => {
    if (method === "DELETE") return { status: 202 };
    if (!path.includes("/tags/list")) return path.endsWith(`/manifests/${TAG}`) ? found() : MISSING;
    onListed(built);
    return { status: 200, body: JSON.stringify({ name: "acme/shop", tags: [TAG] }) };
  });
  const built = openWorld({ registry: registry.domain, repository: `${registry.domain}/acme/shop` });
  onTestFinished(() => built.close());
  return { built, registry };
}
const TAG = "src-new";

/** The state of the stack "build" has this. */
const state = (built: World, deployment: object): void =>
  built.write("bin/state.json", JSON.stringify({ version: 3, deployment }));
const pushed = { resources: [{ urn: "urn:x", outputs: { digest: MANIFEST_DIGEST } }] };
const removals = ({ requests }: FakeServer): unknown[] =>
  requests.filter(({ method }) => method === "DELETE");

describe("an image that was just pushed", () => {
  it("goes when nothing names it", async () => {
    const { built, registry } = await withImage();
    expect((await built.run("images", "prune", "--delete")).stdout).toContain("1 unused, 0 stay");
    expect(removals(registry)).toHaveLength(1);
  });

  it("stays when the state of the build has it, and no release yet", async () => {
    const { built, registry } = await withImage();
    state(built, pushed);
    const { code, stdout } = await built.run("images", "prune", "--delete");
    expect([code, stdout]).toEqual([0, expect.stringContaining("0 unused, 1 stay")]);
    expect(removals(registry)).toEqual([]);
  });

  it("stays when the build has got it while the registry was looked at", async () => {
    const { built, registry } = await withImage((world) => state(world, pushed));
    expect((await built.run("images", "prune", "--delete")).stdout).toContain("0 unused, 1 stay");
    expect(removals(registry)).toEqual([]);
  });

  it("stays with all others while the build is at it, or was broken off", async () => {
    const { built, registry } = await withImage();
    const urn = "urn:pulumi:build::shop::delivery:image:Image$docker-build:index:Image::shop";
    state(built, { pending_operations: [{ type: "creating", resource: { urn } }] });
    const { code, stdout } = await built.run("images", "prune", "--delete");
    expect([code, stdout]).toEqual([3, expect.stringContaining("build is creating shop")]);
    expect(stdout).toContain("pulumi refresh --clear-pending-creates --stack build");
    expect(removals(registry)).toEqual([]);
  });
});
