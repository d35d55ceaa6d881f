import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { tryRun } from "../../../sandbox/processes/index.ts";
import type { RunResult } from "../../../sandbox/processes/index.ts";
import { CHECKOUT } from "../../../sandbox/paths.ts";

let root: string;
const inCheckout = (...names: string[]): string => join(root, "checkout", ...names);
const newFolder = (): string => mkdtempSync(join(tmpdir(), "with-setup-test-"));
const write = (path: string, content: string | object): void =>
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));

/** A checkout with the real set-up, one component, and a compiler that is the real one under a local name. */
function layCheckout(): void {
  mkdirSync(inCheckout("components"), { recursive: true });
  cpSync(join(CHECKOUT, "scripts", "setup"), inCheckout("scripts", "setup"), { recursive: true });
  for (const name of ["scripts/with-setup.mjs", "tsconfig.build.json"]) {
    cpSync(join(CHECKOUT, name), inCheckout(name));
  }
  write(inCheckout("tsconfig.base.json"), { compilerOptions: { strict: true, target: "es2023", types: [] } });
  mkdirSync(join(root, "typescript", "bin"), { recursive: true });
  const compiler = createRequire(import.meta.url).resolve("typescript/bin/tsc");
  write(join(root, "typescript", "bin", "tsc"), `require(${JSON.stringify(compiler)});`);
  write(join(root, "typescript", "package.json"), { name: "typescript", version: "5.0.0" });
  writePackage();
  write(inCheckout("components", "index.ts"), "export const answer: number = 42;\n");
  write(inCheckout("scripts", "package.json"), { type: "module" });
  writeProgram(`console.log(JSON.stringify([require("delivery-test").answer, ...process.argv.slice(2)]));`);
}

/** Prepared once; each test gets a copy. */
let prepared: string;
beforeAll(async () => {
  prepared = root = newFolder();
  layCheckout();
  expect(await start()).toMatchObject({ code: 0 });
});
afterAll(() => rmSync(prepared, { recursive: true, force: true }));

beforeEach(() => {
  root = newFolder();
  cpSync(prepared, root, { recursive: true, verbatimSymlinks: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function makeFresh(): void {
  for (const name of ["node_modules", "dist"]) rmSync(inCheckout(name), { recursive: true });
}

function writePackage(): void {
  const own = {
    name: "delivery-test",
    version: "1.0.0",
    devDependencies: { typescript: "file:../typescript" },
  };
  write(inCheckout("package.json"), { ...own, main: "./dist/components/index.js" });
  const packages = {
    "": own,
    "../typescript": { version: "5.0.0", dev: true },
    "node_modules/typescript": { resolved: "../typescript", link: true },
  };
  const head = { name: own.name, version: own.version, lockfileVersion: 3, requires: true };
  write(inCheckout("package-lock.json"), { ...head, packages });
}

function writeProgram(body: string): void {
  const head = `import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);\n`;
  write(inCheckout("scripts", "program.ts"), `${head}${body}\n`);
}

const args = (...rest: string[]): string[] => [inCheckout("scripts", "with-setup.mjs"), ...rest];
const env = (): NodeJS.ProcessEnv => ({ ...process.env, DELIVERY_CACHE: join(root, "cache") });
const start = async (...rest: string[]): Promise<RunResult> =>
  tryRun(process.execPath, args("scripts/program.ts", ...rest), { env: env() });

describe("with-setup", () => {
  it("installs, links the package under its own name, compiles, and runs the script with its arguments", async () => {
    makeFresh();
    const { code, stdout, stderr } = await start("one", "two words");
    expect([code, JSON.parse(stdout)]).toEqual([0, [42, "one", "two words"]]);
    expect(stderr).toContain("installing the npm packages");
    expect(lstatSync(inCheckout("node_modules", "delivery-test")).isSymbolicLink()).toBe(true);
  });

  it("says and does nothing when nothing changed", async () => {
    const before = lstatSync(inCheckout("dist", "components", "index.js")).mtimeMs;
    const { stderr } = await start();
    expect([stderr, lstatSync(inCheckout("dist", "components", "index.js")).mtimeMs]).toEqual(["", before]);
  });

  it("compiles again after a change of the sources, and forgets a source that was removed", async () => {
    write(inCheckout("components", "extra.ts"), "export const extra = 1;\n");
    await start();
    expect(existsSync(inCheckout("dist", "components", "extra.js"))).toBe(true);
    rmSync(inCheckout("components", "extra.ts"));
    write(inCheckout("components", "index.ts"), "export const answer: number = 43;\n");
    expect(JSON.parse((await start()).stdout)).toEqual([43]);
    expect(existsSync(inCheckout("dist", "components", "extra.js"))).toBe(false);
  });

  it("does not run the script when the sources do not compile, shows why, and leaves no stamp", async () => {
    write(inCheckout("components", "index.ts"), 'export const answer: number = "much";\n');
    for (const attempt of [1, 2]) {
      const { code, stdout, stderr } = await start();
      expect([attempt, code, stdout]).toEqual([attempt, 1, ""]);
      expect(stderr).toContain("components/index.ts(1,14): error TS2322");
      expect(stderr).not.toMatch(/^\s+at /m);
      expect(existsSync(inCheckout("node_modules", ".delivery-library-stamp"))).toBe(false);
    }
    write(inCheckout("components", "index.ts"), "export const answer: number = 44;\n");
    expect(JSON.parse((await start()).stdout)).toEqual([44]);
  });

  it("installs again when package-lock.json changed", async () => {
    write(inCheckout("node_modules", "left-over"), "");
    appendFileSync(inCheckout("package-lock.json"), "\n");
    const { code, stderr } = await start();
    expect([code, stderr]).toEqual([0, expect.stringContaining("installing the npm packages")]);
    expect(existsSync(inCheckout("node_modules", "left-over"))).toBe(false);
  });

  it("takes no packages away from a script that runs: it says which, and installs them when that has ended", async () => {
    writeProgram(`process.stdin.on("data", () => process.exit()); console.log("ready");`);
    const stdio = ["pipe", "pipe", "inherit"] as const;
    const child = spawn(process.execPath, args("scripts/program.ts"), { env: env(), stdio: [...stdio] });
    await once(child.stdout!, "data");
    writeFileSync(inCheckout("node_modules", "in-use"), "");
    appendFileSync(inCheckout("package-lock.json"), "\n");
    const { code, stdout, stderr } = await start();
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(`scripts/program.ts (process ${child.pid}) is using those that are there`);
    expect(existsSync(inCheckout("node_modules", "in-use"))).toBe(true);
    child.stdin!.end("stop");
    await once(child, "exit");
    writeProgram("");
    expect(await start()).toMatchObject({ code: 0, stderr: expect.stringContaining("installing") });
    expect(existsSync(inCheckout("node_modules", "in-use"))).toBe(false);
  });

  it("only prepares when no script is named, as before the package is packed", async () => {
    rmSync(inCheckout("dist"), { recursive: true });
    const { code, stdout } = await tryRun(process.execPath, args(), { env: env() });
    expect([code, stdout]).toEqual([0, ""]);
    expect(existsSync(inCheckout("dist", "components", "index.js"))).toBe(true);
  });

  it("installs once when two are started at the same time", async () => {
    makeFresh();
    const results = await Promise.all([start(), start()]);
    expect(results.map(({ code }) => code)).toEqual([0, 0]);
    expect(results.filter(({ stderr }) => stderr.includes("installing"))).toHaveLength(1);
  });

  it("is not held up by the lock of a set-up that was killed", async () => {
    const locks = join(root, "cache", "locks");
    rmSync(inCheckout("dist"), { recursive: true });
    const stopped = spawn(process.execPath, args("scripts/program.ts"), { env: env(), stdio: "ignore" });
    while (!(await tryRun("ls", [locks])).stdout.includes(".lock\n")) await new Promise(setImmediate);
    stopped.kill("SIGKILL");
    await once(stopped, "exit");
    expect((await tryRun("ls", [locks])).stdout).toContain(".lock\n");
    expect((await start()).code).toBe(0);
  });

  it("hands back the exit code of the script", async () => {
    writeProgram("process.exitCode = 9;");
    expect((await start()).code).toBe(9);
  });

  it.each(["SIGTERM", "SIGINT"] as const)(
    "passes %s on and waits for the script to end by itself",
    async (signal) => {
      writeProgram(
        `process.once("${signal}", () => setTimeout(() => { console.log("put away"); process.exit(5); }, 200));
       setInterval(() => {}, 1000); console.log("ready");`,
      );
      const child = spawn(process.execPath, args("scripts/program.ts"), {
        env: env(),
        stdio: ["ignore", "pipe", "inherit"],
      });
      const said = text(child.stdout);
      child.stdout.once("data", () => child.kill(signal));
      const [code] = (await once(child, "exit")) as [number];
      expect([code, await said]).toEqual([5, "ready\nput away\n"]);
    },
  );

  it("names a script that is not there", async () => {
    const { code, stderr } = await tryRun(process.execPath, args("scripts/none.ts"), { env: env() });
    expect([code, stderr]).toEqual([1, `There is no scripts/none.ts in ${inCheckout()}.\n`]);
  });
});
