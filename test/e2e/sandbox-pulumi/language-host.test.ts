import { rmSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tryRun } from "../../../sandbox/processes/index.ts";
import { writeWhole } from "../../../sandbox/pulumi/files.ts";
import { ensureTools } from "../../../sandbox/toolchain/index.ts";
import { count, makeWorld } from "./support.ts";
import type { World } from "./support.ts";

let world: World;
beforeAll(async () => {
  world = await makeWorld(await ensureTools(["pulumi"]));
});
afterAll(() => world?.remove());

describe("a JavaScript program on the real engine", () => {
  it("gets its configuration and names, and its outputs reach the state", async () => {
    const project = await world.project("js", {
      "index.js": `
        const pulumi = require("@pulumi/pulumi");
        const config = new pulumi.Config();
        console.log("said on standard output");
        console.error("said on standard error");
        module.exports = {
          word: config.require("word"), list: config.requireObject("list"), dry: pulumi.runtime.isDryRun(),
          names: [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack()],
          root: pulumi.runtime.getRootDirectory?.() ?? "none", cwd: process.cwd(),
        };`,
    });
    await project.pulumi("config", "set", "word", "--", "-a b");
    await project.pulumi("config", "set", "--path", "list[0]", "1");
    const preview = await project.pulumi("preview");
    expect(preview.output).toMatch(/dry *: true/);
    const up = await project.pulumi("up", "--yes", "--skip-preview");
    expect(up.output).toContain("said on standard output");
    expect(up.output).toContain("said on standard error");
    expect(up.output).not.toContain("warning");
    expect(up.code).toBe(0);
    expect(await project.outputs()).toEqual({
      word: "-a b",
      list: [1],
      dry: false,
      names: ["organization", "js", "dev"],
      root: project.folder,
      cwd: project.folder,
    });
  });

  it("may be a file in a folder, run by Node with arguments of its own", async () => {
    const project = await world.project("infolder", {
      "Pulumi.yaml": `name: infolder
main: deep/program.js
runtime:
  name: nodejs
  options:
    typescript: false
    nodeargs: --title="two words" --no-deprecation
`,
      "deep/program.js": `
        module.exports = { cwd: process.cwd(), title: process.title, args: process.execArgv,
          typescript: process.env.PULUMI_NODEJS_TYPESCRIPT ?? "off" };`,
    });
    expect((await project.pulumi("up", "--yes", "--skip-preview")).output).not.toContain("error");
    expect(await project.outputs()).toEqual({
      cwd: `${project.folder}/deep`,
      title: "two words",
      args: ["--title=two words", "--no-deprecation"],
      typescript: "off",
    });
  });

  it("is not made a preview by a Pulumi program that runs it", async () => {
    const inner = await world.project("inner", {
      "index.js": `exports.dry = require("@pulumi/pulumi").runtime.isDryRun();`,
    });
    const outer = await world.project("outer", {
      "index.js": `
        const { execFileSync } = require("node:child_process");
        execFileSync("pulumi", ["up", "--yes", "--skip-preview", "--non-interactive"], { cwd: ${JSON.stringify(inner.folder)} });`,
    });
    expect((await outer.pulumi("preview")).code).toBe(0);
    expect(await inner.outputs()).toEqual({ dry: false });
  });
});

describe("a TypeScript program on the real engine", () => {
  it("runs without having been compiled", async () => {
    const project = await world.project("ts", {
      "index.ts": `
        import * as pulumi from "@pulumi/pulumi";
        interface Greeting { readonly text: string }
        const greeting: Greeting = { text: "hello" };
        export const text = pulumi.output(greeting).apply((g: Greeting) => g.text);`,
    });
    expect((await project.pulumi("up", "--yes", "--skip-preview")).output).not.toContain("error");
    expect(await project.outputs()).toEqual({ text: "hello" });
  });

  it("is refused for a wrong type, with file and line", async () => {
    const project = await world.project("wrongtype", {
      "index.ts": `export const port: number = "eighty";\n`,
    });
    const { code, output } = await project.pulumi("preview");
    expect(code).not.toBe(0);
    expect(output).toMatch(/index\.ts[:(]1/);
    expect(output).toContain("Type 'string' is not assignable to type 'number'");
  });
});

describe("a program that fails", () => {
  it("shows its error once, without a line of the host's own code", async () => {
    const project = await world.project("failing", {
      "index.js": `throw new Error("the moon is too low");`,
    });
    const { code, output } = await project.pulumi("up", "--yes", "--skip-preview");
    expect(code).not.toBe(0);
    expect(count(output, "the moon is too low")).toBe(1);
    expect(output).not.toContain("language-host");
  });

  it("is reported by its exit code when it ends without a word", async () => {
    const project = await world.project("silent", { "index.js": `process.exit(7);` });
    const { code, output } = await project.pulumi("up", "--yes", "--skip-preview");
    expect(code).not.toBe(0);
    expect(output).toContain("exit code 7");
  });

  it("is told that the SDK is missing, and that there is no entry point, in plain words", async () => {
    const project = await world.project("nosdk", {});
    rmSync(`${project.folder}/node_modules`);
    const { code, output } = await project.pulumi("preview");
    expect(code).not.toBe(0);
    expect(output).toContain("The Pulumi SDK is not installed");
    expect(output).toContain("npm install");
    expect(output).toContain("There is no program in");
    expect(output).not.toMatch(/^\s+at /m);
  });

  it("is told what is wrong with an option of its runtime", async () => {
    const project = await world.project("badoption", {
      "Pulumi.yaml": "name: badoption\nruntime:\n  name: nodejs\n  options: { typescript: maybe }\n",
      "index.js": "",
    });
    const { code, output } = await project.pulumi("preview");
    expect(code).not.toBe(0);
    expect(output).toContain(`runtime option "typescript" is "maybe"; it must be a boolean`);
  });
});

describe("what the host says of a program", () => {
  it("names Node, the plugins behind the installed SDKs and the program's dependencies", async () => {
    const project = await world.project("about", {
      "package.json": JSON.stringify({ dependencies: { "@pulumi/pulumi": "*", "@pulumi/github": "*" } }),
      "index.js": "",
    });
    const { code, output } = await project.pulumi("about", "--json");
    expect(code).toBe(0);
    const about = JSON.parse(output.slice(output.indexOf("{"), output.lastIndexOf("}") + 1));
    expect(about.runtime).toMatchObject({ version: process.version });
    expect(about.plugins).toContainEqual({ kind: "resource", name: "github", version: "6.15.0" });
    expect(about.dependencies.map((one: { name: string }) => one.name)).toEqual([
      "@pulumi/pulumi",
      "@pulumi/github",
    ]);
  });

  it("does not claim to have installed anything", async () => {
    const project = await world.project("install", { "index.js": "" });
    expect((await project.pulumi("install")).output).toContain("Nothing was installed");
  });
});

describe("a language host that Pulumi brings itself", () => {
  it("is the one that is used", async () => {
    const project = await world.project("official", { "index.js": "" });
    const script = join(project.folder, "bin", "pulumi-language-nodejs");
    writeWhole(script, `#!/bin/sh\necho "this is Pulumi's own" >&2\nexit 1\n`, 0o755);
    const path = [dirname(script), world.home.env["PATH"]].join(delimiter);
    const env = { ...world.home.env, PATH: path };
    const said = await tryRun(join(world.home.bin, "pulumi"), ["preview"], { cwd: project.folder, env });
    expect(said.stdout + said.stderr).toContain("this is Pulumi's own");
  });
});
