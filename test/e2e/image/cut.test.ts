import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { resolveImage } from "../../../components/image/resolve";
import { findSource } from "../../../components/image/source";
import { proxyControl } from "../../../sandbox/proxy/index.ts";
import { digestIn, makeImageWorld, newRequests } from "./world.ts";
import { RegistryClient } from "../sandbox-images/registry-client";
import type { ImageProject, ImageWorld } from "./world.ts";

const ROUNDS = 5;
const IMAGES = ["a", "b", "c", "d", "e"];
const PUSHES = ROUNDS * IMAGES.length;
/** In hexadecimal, which packs to about half: most of what a push sends. */
const PAYLOAD_BYTES = 100_000;

let world: ImageWorld;
let project: ImageProject;
beforeAll(async () => {
  world = await makeImageWorld();
  project = await world.project("cut", { repository: "acme/cut", mode: "none", args: "" });
  const dockerfiles = IMAGES.map((name) => [`${name}/Dockerfile`, "FROM scratch\nCOPY hello /hello\n"]);
  project.write({ "index.js": program(), ...(Object.fromEntries(dockerfiles) as Record<string, string>) });
});
afterAll(() => world?.remove());

/** All of them are built and pushed at the same time, so a cut breaks each at a place of its own. */
const program = (): string => `
  const { Image, buildkit } = require("pulumi-delivery");
  for (const name of ${JSON.stringify(IMAGES)}) {
    const args = { repository: "${repositoryOf("")}" + name, context: name, builder: buildkit({ builder: "sandbox" }) };
    const { tag, digest } = new Image(name, args);
    exports[name] = { tag, digest };
  }`;
const repositoryOf = (name: string): string => `${world.registries.none.address}/acme/${name}`;

/** Other images each time, and others again for each of their layers. */
function change(): void {
  const contents = IMAGES.map((name) => [`${name}/hello`, randomBytes(PAYLOAD_BYTES / 2).toString("hex")]);
  project.write(Object.fromEntries(contents) as Record<string, string>);
}

/** The tag that the sources have now, which the state cannot tell after an update that failed. */
async function tagNow(name: string): Promise<string> {
  const args = { repository: `acme/${name}`, context: join(project.folder, name), environment: {} };
  const noBases = { findDigest: async () => undefined };
  return (await findSource(resolveImage(args), noBases)).tag;
}

const outputs = async (): Promise<Record<string, { readonly tag: string; readonly digest: string }>> =>
  (await project.outputs()) as Awaited<ReturnType<typeof outputs>>;

describe(`a registry whose line is cut under ${PUSHES} pushes`, () => {
  const digestOf = (name: string, reference: string): Promise<string | undefined> =>
    digestIn(world.registries.none, `acme/${name}`, reference);

  /** Pushes that nothing disturbs. Returns how many bytes they send. */
  async function wholeRun(): Promise<number> {
    const { none } = world.registries;
    const control = proxyControl(world.dir);
    await control.resetCounts(none.route);
    change();
    await project.up();
    return (await control.stats(none.route)).bytesIn;
  }

  /** Updates on a line that is cut after so many bytes. Returns whose push did not come to its end. */
  async function cutRun(bytes: number): Promise<string[]> {
    const { none } = world.registries;
    const control = proxyControl(world.dir);
    await control.cutAfter(none.route, { bytes });
    const { code } = await project.pulumi("up", "--yes", "--skip-preview");
    await control.pass(none.route);
    const broken: string[] = [];
    for (const name of IMAGES) {
      const there = await digestOf(name, await tagNow(name));
      // The answer to the last request can be what is cut: then the image is whole, and the update cannot know.
      if (there === undefined) broken.push(name);
      else await new RegistryClient(none.url).pull(`acme/${name}`, there);
    }
    if (code === 0) expect(broken).toEqual([]);
    return broken;
  }

  it("has each image whole or no tag, and gets it on the next run", { timeout: 600_000 }, async () => {
    const bytes = await wholeRun();
    const first = await outputs();
    let broken = 0;
    for (let round = 0; round < ROUNDS; round++) {
      change();
      // At random, and in each part of what is sent once.
      const part = (round + Math.random()) / ROUNDS;
      broken += (await cutRun(Math.floor(bytes * part))).length;
      for (const name of IMAGES) expect(await digestOf(name, first[name]!.tag)).toBe(first[name]!.digest);
      await project.up();
      const now = await outputs();
      for (const name of IMAGES) expect(await digestOf(name, await tagNow(name))).toBe(now[name]!.digest);
    }
    await project.up("--expect-no-changes");
    console.log(`cut: ${broken} of ${PUSHES} pushes broken off, each image whole on the next run`);
    expect(broken).toBeGreaterThan(PUSHES / 2);
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
