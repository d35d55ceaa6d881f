import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { waitUntil } from "../../../sandbox/processes/index.ts";
import { ensureTools } from "../../../sandbox/toolchain/index.ts";
import { areGone, makeWorld, pluginPids } from "./support.ts";
import type { Project, World } from "./support.ts";

let world: World;
beforeAll(async () => {
  world = await makeWorld(await ensureTools(["pulumi"]));
});
afterAll(() => world?.remove());

/** Writes its process id, and that of a child that stays, then waits for ever. */
const WAITING = `
  const { spawn } = require("node:child_process");
  const { writeFileSync } = require("node:fs");
  process.on("SIGINT", () => {});
  const child = spawn("sleep", ["1000"], { stdio: "inherit" });
  writeFileSync("pids", process.pid + " " + child.pid);
  setInterval(() => {}, 1000);`;

async function pidsOf(project: Project): Promise<number[]> {
  const path = join(project.folder, "pids");
  expect(await waitUntil(async () => existsSync(path) && readFileSync(path).length > 0, 60_000)).toBe(true);
  return readFileSync(path, "utf8").split(" ").map(Number);
}

describe("when the engine is killed", () => {
  it("no host and no program is left, and the next run works after the cancel that the engine asks for", async () => {
    const project = await world.project("killed", { "index.js": WAITING });
    const engine = project.start("up", "--yes", "--skip-preview");
    const pids = [...(await pidsOf(project)), ...pluginPids(world.home.home)];
    expect(pids.length).toBe(3);
    engine.kill("SIGKILL");
    expect(await areGone(pids)).toBe(true);
    project.write({ "index.js": "exports.again = 1;" });
    const blocked = await project.pulumi("up", "--yes", "--skip-preview");
    expect(blocked.output).toContain("pulumi cancel");
    expect((await project.pulumi("cancel", "--yes")).code).toBe(0);
    expect((await project.pulumi("up", "--yes", "--skip-preview")).code).toBe(0);
    expect(await project.outputs()).toEqual({ again: 1 });
  });

  it("the provider of dynamic resources is not left either", async () => {
    const project = await world.project("killeddynamic", {
      "index.js": `
        const pulumi = require("@pulumi/pulumi");
        const provider = { async create() {
          require("node:fs").writeFileSync("pids", String(process.pid));
          return new Promise(() => setInterval(() => {}, 1000));
        } };
        new (class extends pulumi.dynamic.Resource {})(provider, "slow", {});`,
    });
    const engine = project.start("up", "--yes", "--skip-preview");
    const pids = [...(await pidsOf(project)), ...pluginPids(world.home.home)];
    expect(pids.length).toBeGreaterThanOrEqual(3);
    engine.kill("SIGKILL");
    expect(await areGone(pids)).toBe(true);
  });
});

describe("when the user interrupts the engine", () => {
  it("a program that does not listen is ended, with what it started, and no lock is left", async () => {
    const project = await world.project("interrupted", { "index.js": WAITING });
    const engine = project.start("up", "--yes", "--skip-preview");
    const pids = await pidsOf(project);
    const ended = new Promise((resolve) => engine.once("exit", resolve));
    engine.kill("SIGINT");
    expect(await areGone(pids)).toBe(true);
    await ended;
    project.write({ "index.js": "" });
    expect((await project.pulumi("up", "--yes", "--skip-preview")).code).toBe(0);
  });
});
