import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { waitUntil } from "../../../sandbox/processes/index.ts";
import { ensureTools } from "../../../sandbox/toolchain/index.ts";
import { commandLines, makeWorld } from "./support.ts";
import type { World } from "./support.ts";

let world: World;
beforeAll(async () => {
  world = await makeWorld(await ensureTools(["pulumi"]));
});
afterAll(() => world?.remove());

/** A dynamic resource that keeps its input in a file. */
const FILE_RESOURCE = `
  const pulumi = require("@pulumi/pulumi");
  const provider = {
    async create(inputs) {
      require("node:fs").writeFileSync("kept", inputs.text);
      return { id: "kept", outs: { text: inputs.text } };
    },
    async update(id, olds, news) {
      require("node:fs").writeFileSync("kept", news.text + " after " + olds.text);
      return { outs: { text: news.text } };
    },
    async delete() { require("node:fs").rmSync("kept"); },
  };
  class File extends pulumi.dynamic.Resource {
    constructor(name, args) { super(provider, name, { text: undefined, ...args }); }
  }`;

describe("a dynamic resource on the real engine", () => {
  it("is created, updated in place and deleted", async () => {
    const project = await world.project("dynamic", {});
    const kept = join(project.folder, "kept");
    const run = async (program: string): Promise<void> => {
      project.write({ "index.js": program });
      const { code, output } = await project.pulumi("up", "--yes", "--skip-preview");
      expect(code, output).toBe(0);
    };
    await run(`${FILE_RESOURCE} exports.text = new File("file", { text: "one" }).text;`);
    expect(readFileSync(kept, "utf8")).toBe("one");
    expect(await project.outputs()).toEqual({ text: "one" });
    await run(`${FILE_RESOURCE} exports.text = new File("file", { text: "two" }).text;`);
    expect(readFileSync(kept, "utf8")).toBe("two after one");
    await run("");
    expect(readdirSync(project.folder)).not.toContain("kept");
  });
});

describe("a secret in the configuration", () => {
  it("reaches the program, is encrypted in the state, and is on no command line", async () => {
    const secret = `not-for-others-${process.pid}`;
    const project = await world.project("secret", {
      "index.js": `
        const { existsSync, writeFileSync } = require("node:fs");
        const pulumi = require("@pulumi/pulumi");
        const value = new pulumi.Config().requireSecret("value");
        writeFileSync("running", "");
        exports.value = value;
        exports.length = pulumi.unsecret(value.apply((text) => text.length));
        const until = setInterval(() => existsSync("looked") && clearInterval(until), 20);`,
    });
    await project.pulumi("config", "set", "--secret", "value", secret);
    const engine = project.start("up", "--yes", "--skip-preview");
    const ended = new Promise((resolve) => engine.once("exit", resolve));
    expect(await waitUntil(async () => statSync(join(project.folder, "running")).isFile(), 60_000)).toBe(
      true,
    );
    const lines = [...commandLines().values()];
    project.write({ looked: "" });
    expect(await ended).toBe(0);
    expect(lines.some((line) => line.includes("@pulumi/pulumi/cmd/run"))).toBe(true);
    expect(lines.filter((line) => line.includes(secret))).toEqual([]);
    expect(await project.outputs()).toEqual({ value: secret, length: secret.length });
    const state = world.home.backendUrl.replace("file://", "");
    expect(filesWith(state, "ciphertext")).not.toEqual([]);
    expect(filesWith(state, secret)).toEqual([]);
  });
});

function filesWith(folder: string, text: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile() && readFileSync(path, "utf8").includes(text));
}
