import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { digestIn, makeImageWorld, newRequests, pushes, writes } from "./world.ts";
import type { ImageProject, ImageWorld } from "./world.ts";

let world: ImageWorld;
beforeAll(async () => {
  world = await makeImageWorld({ engine: true });
});
afterAll(() => world?.remove());

const seen = (): Promise<string[]> => newRequests(world.dir, world.registries.none);
const inRegistry = (repository: string, reference: string): Promise<string | undefined> =>
  digestIn(world.registries.none, repository, reference);

describe.each([
  ["buildkit", 'builder: buildkit({ builder: "sandbox" })'],
  ["docker", "builder: docker()"],
])("an image of %s()", (name, args) => {
  const repository = `acme/${name}`;
  const program = { repository, mode: "none", args } as const;
  let project: ImageProject;
  beforeAll(async () => {
    project = await world.project(name, program);
  });

  it("is built by the first update and by no preview", async () => {
    await seen();
    const { code, output } = await project.pulumi("preview");
    expect(code, output).toBe(0);
    expect(output).toMatch(/3 to create/);
    expect(writes(await seen())).toEqual([]);
    await project.up();
    expect(pushes(await seen())).toHaveLength(1);
    const { ref, tag, digest } = await project.image();
    expect(await inRegistry(repository, tag)).toBe(digest);
    expect(ref).toBe(`${world.registries.none.address}/${repository}@${digest}`);
  });

  it("is no change in the second update, which builds and uploads nothing", async () => {
    const before = await project.image();
    await project.up("--expect-no-changes");
    expect(writes(await seen())).toEqual([]);
    expect(await project.image()).toEqual(before);
  });

  it("is built once more when a source changes, and the old one stays", async () => {
    const before = await project.image();
    await seen();
    project.write({ "app/hello": `${name} again` });
    await project.up();
    expect(pushes(await seen())).toHaveLength(1);
    const after = await project.image();
    expect(after.tag).not.toBe(before.tag);
    expect(await inRegistry(repository, after.tag)).toBe(after.digest);
    expect(await inRegistry(repository, before.tag)).toBe(before.digest);
  });

  it("is not built when a source goes back to what was built before", async () => {
    project.write({ "app/hello": name });
    await seen();
    await project.up();
    expect(writes(await seen())).toEqual([]);
    const { tag, digest } = await project.image();
    expect(await inRegistry(repository, tag)).toBe(digest);
  });

  it("is not built by another stack that has the same sources in another place", async () => {
    const other = await world.project(`${name}-elsewhere`, program);
    other.write({ "app/hello": name });
    await seen();
    await other.up();
    expect(writes(await seen())).toEqual([]);
    expect(await other.image()).toEqual(await project.image());
    await other.pulumi("destroy", "--yes", "--skip-preview");
    expect(writes(await seen())).toEqual([]);
  });

  it("is built again when it is gone from the registry, though no input has changed", async () => {
    project.write({ "app/hello": `${name} that will vanish` });
    await project.up();
    const { tag, digest } = await project.image();
    await fetch(`${world.registries.none.url}/v2/${repository}/manifests/${digest}`, { method: "DELETE" });
    expect(await inRegistry(repository, tag)).toBeUndefined();
    await project.up();
    expect(await inRegistry(repository, tag)).toBe((await project.image()).digest);
  });

  it("stays in the registry when the stack is destroyed", async () => {
    const { tag, digest } = await project.image();
    await seen();
    const { code, output } = await project.pulumi("destroy", "--yes", "--skip-preview");
    expect(code, output).toBe(0);
    expect(writes(await seen())).toEqual([]);
    expect(await inRegistry(repository, tag)).toBe(digest);
  });
});

describe("an image of prebuilt()", () => {
  it("is the one in the registry, and an error when that has none", async () => {
    const maker = await world.project("maker", {
      repository: "acme/pre",
      mode: "none",
      args: "builder: docker()",
    });
    await maker.up();
    const { digest } = await maker.image();
    const args = `builder: prebuilt({ digest: "${digest}" })`;
    const taker = await world.project("taker", { repository: "acme/pre", mode: "none", args });
    await taker.up();
    expect((await taker.image()).digest).toBe(digest);
    const absent = await world.project("absent", { repository: "acme/none", mode: "none", args });
    const { code, output } = await absent.pulumi("preview");
    expect(code).not.toBe(0);
    expect(output).toContain(`/acme/none does not have ${digest}; push the image first`);
    expect(output).not.toContain("    at ");
  });
});
