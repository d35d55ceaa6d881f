import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { installInCache } from "../../../components/release/older/install";
import type { LockFile } from "../../../components/release/older/lock-file";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "install-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A program in the place of npm: a script that runs where packages are to be installed. */
function npm(script: string): string {
  const bin = join(folder, "bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, "npm"), `#!/bin/sh\n${script}\n`, { mode: 0o700 });
  return `${bin}:${process.env["PATH"]}`;
}

function checkout(name: string): string {
  const top = join(folder, name);
  mkdirSync(top);
  for (const file of ["package.json", "package-lock.json"]) writeFileSync(join(top, file), "{}");
  return top;
}

const lock: LockFile = { folder: "", name: "package-lock.json", bytes: Buffer.from("{}") };
const install = (top: string, PATH: string): Promise<boolean> =>
  installInCache(top, lock, { cache: join(folder, "cache"), system: { PATH }, say: () => {} });
const packageOf = (top: string): string => readFileSync(join(top, "node_modules/a"), "utf8");

describe("an installation of packages", () => {
  it("is kept for the next checkout with the same lock file", async () => {
    const path = npm(`mkdir node_modules; echo x >> ${folder}/runs; echo whole > node_modules/a`);
    for (const name of ["one", "two"]) {
      const top = checkout(name);
      expect(await install(top, path)).toBe(true);
      expect(packageOf(top)).toBe("whole\n");
    }
    expect(readFileSync(join(folder, "runs"), "utf8")).toBe("x\n");
  });

  it("is whole for both of two runs that make it at once", async () => {
    // Each waits for the other one to have begun.
    const begun = `${folder}/begun-`;
    const wait = `touch ${begun}$$; until [ "$(ls ${begun}* | wc -l)" = 2 ]; do sleep 0.01; done`;
    const path = npm(`mkdir node_modules; ${wait}; echo whole > node_modules/a`);
    const tops = ["one", "two"].map(checkout);
    await Promise.all(tops.map((top) => install(top, path)));
    expect(tops.map(packageOf)).toEqual(["whole\n", "whole\n"]);
    expect(readdirSync(join(folder, "cache/installs"))).toHaveLength(1);
  });

  it("that fails leaves nothing behind, and says what npm said", async () => {
    const path = npm("echo 404 not in this registry >&2; exit 1");
    await expect(install(checkout("one"), path)).rejects.toThrow("npm ci failed: 404 not in this registry");
    expect(readdirSync(join(folder, "cache/installs"))).toEqual([]);
    expect(existsSync(join(folder, "one/node_modules"))).toBe(false);
  });
});
