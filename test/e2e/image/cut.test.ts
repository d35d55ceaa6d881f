import { randomBytes, randomInt } from "node:crypto";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { resolveImage } from "../../../components/image/resolve";
import { findSource } from "../../../components/image/source";
import { proxyControl } from "../../../sandbox/proxy/index.ts";
import { digestIn, makeImageWorld, newRequests } from "./world.ts";
import { RegistryClient } from "../sandbox-images/registry-client";
import type { ImageProject, ImageWorld } from "./world.ts";

const CUTS = 25;
/** Every so many cuts the update is run again on a line that holds. */
const RERUN_EVERY = 5;
const REPOSITORY = "acme/cut";
/** In hexadecimal, which packs to about half: most of what a push sends. */
const PAYLOAD_BYTES = 100_000;
const MAX_OFFSET = 60_000;

let world: ImageWorld;
let project: ImageProject;
beforeAll(async () => {
  world = await makeImageWorld();
  const args = 'builder: buildkit({ builder: "sandbox" })';
  project = await world.project("cut", { repository: REPOSITORY, mode: "none", args });
});
afterAll(() => world?.remove());

/** Another image each time, and another again for each of its layers. */
function change(): void {
  project.write({ "app/hello": randomBytes(PAYLOAD_BYTES / 2).toString("hex") });
}

/** The tag that the sources have now, which the state cannot tell after an update that failed. */
async function tagNow(): Promise<string> {
  const args = { repository: REPOSITORY, context: join(project.folder, "app"), environment: {} };
  const noBases = { findDigest: async () => undefined };
  return (await findSource(resolveImage(args), noBases)).tag;
}

describe(`a registry whose line is cut at ${CUTS} places`, () => {
  it("has the whole image or no tag, and gets it on the next run", { timeout: 900_000 }, async () => {
    const { none } = world.registries;
    const control = proxyControl(world.dir);
    await project.up();
    const first = await project.image();
    expect(await tagNow()).toBe(first.tag);
    let cuts = 0;
    for (let attempt = 1; attempt <= CUTS; attempt++) {
      change();
      const bytes = randomInt(MAX_OFFSET);
      await control.resetCounts(none.route);
      await control.cutAfter(none.route, { bytes });
      const { code } = await project.pulumi("up", "--yes", "--skip-preview");
      cuts += (await control.stats(none.route)).cut > 0 ? 1 : 0;
      await control.pass(none.route);
      const tag = await tagNow();
      const there = await digestIn(none, REPOSITORY, tag);
      // The answer to the last request can be what is cut: then the image is whole, and the update cannot know.
      if (there !== undefined) await new RegistryClient(none.url).pull(REPOSITORY, there);
      if (code === 0) expect(there, `cut after ${bytes} bytes`).toBe((await project.image()).digest);
      expect(await digestIn(none, REPOSITORY, first.tag)).toBe(first.digest);
      if (attempt % RERUN_EVERY === 0) {
        await project.up();
        expect(await digestIn(none, REPOSITORY, tag)).toBe((await project.image()).digest);
        await project.up("--expect-no-changes");
      }
    }
    expect(cuts).toBeGreaterThan(CUTS / 2);
  });

  it("gets only what it lacks on the next run", async () => {
    const { none } = world.registries;
    const control = proxyControl(world.dir);
    await project.up();
    await control.resetCounts(none.route);
    change();
    // The layer goes through, and the image's description does not.
    await control.answer(none.route, { status: 500, method: "PUT", pathPattern: "/manifests/" });
    expect((await project.pulumi("up", "--yes", "--skip-preview")).code).not.toBe(0);
    await control.pass(none.route);
    const layer = (request: string): boolean => /^(?:PATCH|PUT) \S+\/blobs\/uploads\//.test(request);
    expect((await newRequests(world.dir, none)).filter(layer).length).toBeGreaterThan(0);
    await project.up();
    expect((await newRequests(world.dir, none)).filter(layer)).toEqual([]);
  });
});
