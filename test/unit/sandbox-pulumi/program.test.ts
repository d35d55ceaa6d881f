import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CHECKOUT } from "../../../sandbox/paths.ts";
import {
  checkProgram,
  checkRuntimeOptions,
  installedPackages,
  locateRunModule,
  pluginOf,
  resolveRuntimeOptions,
  runResponse,
} from "../../../sandbox/pulumi/language-host/index.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "delivery-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

function write(files: Readonly<Record<string, unknown>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), typeof content === "string" ? content : JSON.stringify(content));
  }
}

describe("the SDK of a program", () => {
  it("is the checkout's for a program in the checkout", () => {
    const run = locateRunModule(join(CHECKOUT, "infra"));
    expect(run).toBe(join(CHECKOUT, "node_modules/@pulumi/pulumi/cmd/run/index.js"));
  });

  it("is the program's own in another project", () => {
    write({ "node_modules/@pulumi/pulumi/cmd/run/index.js": "" });
    expect(locateRunModule(join(dir, "infra"))).toBe(
      join(dir, "node_modules/@pulumi/pulumi/cmd/run/index.js"),
    );
  });

  it("is missed together with the entry point, each in a sentence that says what to do", () => {
    const problems = checkProgram(dir, "nothing.js");
    expect(problems).toHaveLength(2);
    expect(problems[0]).toContain("npm install");
    expect(problems[1]).toContain(join(dir, "nothing.js"));
  });
});

describe("the entry point of a program", () => {
  beforeEach(() => write({ "node_modules/@pulumi/pulumi/cmd/run/index.js": "" }));

  it.each([
    ["index.ts in the folder", ".", { "index.ts": "" }],
    ["index.mjs in the folder", ".", { "index.mjs": "" }],
    ["a file that package.json names", ".", { "package.json": { main: "dist/x.js" } }],
    ["a file by its full name", "infra/program.ts", { "infra/program.ts": "" }],
    ["a file without its ending", "infra/program", { "infra/program.js": "" }],
    ["a folder with an index", "infra", { "infra/index.js": "" }],
  ])("may be %s", (_what, entryPoint, files) => {
    write(files);
    expect(checkProgram(dir, entryPoint)).toEqual([]);
  });

  it("is missed in a folder that has none", () => {
    write({ "package.json": {}, "other.js": "" });
    expect(checkProgram(dir, ".")[0]).toContain(`There is no program in ${dir}`);
  });
});

describe("runtime options", () => {
  it("run TypeScript unless the project says otherwise", () => {
    expect(resolveRuntimeOptions({})).toEqual({ typescript: true, tsconfig: undefined, nodeargs: [] });
    expect(resolveRuntimeOptions({ typescript: false, tsconfig: "t.json", nodeargs: "--a b" })).toEqual({
      typescript: false,
      tsconfig: "t.json",
      nodeargs: ["--a", "b"],
    });
  });

  it("of a wrong type are all named at once; unknown ones are left alone", () => {
    const problems = checkRuntimeOptions({ typescript: "yes", nodeargs: 5, packagemanager: "npm" });
    expect(problems).toEqual([
      `Pulumi.yaml: runtime option "typescript" is "yes"; it must be a boolean.`,
      `Pulumi.yaml: runtime option "nodeargs" is 5; it must be a string.`,
    ]);
  });
});

describe("the packages of a program", () => {
  beforeEach(() =>
    write({
      "package.json": { dependencies: { a: "1", absent: "1" }, devDependencies: { "@pulumi/x": "1" } },
      "node_modules/a/package.json": { name: "a", version: "1.0.0", peerDependencies: { "@me/y": "*" } },
      "node_modules/a/node_modules/@me/y/package.json": {
        name: "@me/y",
        version: "2.0.0",
        dependencies: { a: "1" },
        pulumi: { resource: true, name: "why", version: "2.1.0", server: "s" },
      },
      "node_modules/@pulumi/x/package.json": {
        name: "@pulumi/x",
        version: "3.0.0",
        pulumi: { resource: true },
      },
    }),
  );
  const names = (transitive: boolean): unknown[] =>
    installedPackages(join(dir, "infra"), transitive).map(({ manifest }) => manifest.name);

  it("are those it names that are installed", () => {
    expect(names(false)).toEqual(["a", "@pulumi/x"]);
  });

  it("are with everything below them when asked, each once, also in a circle", () => {
    expect(names(true)).toEqual(["a", "@me/y", "@pulumi/x"]);
  });

  it("name the plugins of providers", () => {
    const plugins = installedPackages(dir, true).flatMap(pluginOf);
    expect(plugins.map((one) => [one.getName(), one.getVersion(), one.getServer()])).toEqual([
      ["why", "v2.1.0", "s"],
      ["x", "v3.0.0", ""],
    ]);
  });
});

describe("the end of a program", () => {
  it("is no error at exit code 0, and none more at 32, where the SDK has told the user", () => {
    expect(runResponse({ how: "exit", code: 0 }).toObject()).toEqual({ error: "", bail: false });
    expect(runResponse({ how: "exit", code: 32 }).toObject()).toEqual({ error: "", bail: true });
    expect(runResponse({ how: "stopped" }).toObject()).toEqual({ error: "", bail: true });
  });

  it("is named otherwise", () => {
    expect(runResponse({ how: "exit", code: 9 }).getError()).toContain("exit code 9");
    expect(runResponse({ how: "signal", signal: "SIGSEGV" }).getError()).toContain("SIGSEGV");
    expect(runResponse({ how: "not started", reason: "E2BIG" }).getError()).toContain("E2BIG");
  });
});
