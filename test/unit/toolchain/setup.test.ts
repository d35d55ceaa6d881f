import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { integrityProblem } from "../../../scripts/setup/integrity.mjs";
import { ensureNode, pickPackage } from "../../../scripts/setup/node.mjs";
import * as setupPaths from "../../../scripts/setup/paths.mjs";
import { hashOf } from "../../../scripts/setup/stamps.mjs";
import { cacheRoot, CHECKOUT } from "../../../sandbox/paths.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "setup-test-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  vi.unstubAllEnvs();
});

describe("the check of a download", () => {
  const sha512 = (content: Uint8Array | string): string =>
    `sha512-${createHash("sha512").update(content).digest("base64")}`;

  it("accepts the very bytes that were pinned, and refuses them with any bit changed", () => {
    const path = join(folder, "package.tgz");
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 2000 }), fc.nat(), fc.nat(7), (bytes, at, bit) => {
        writeFileSync(path, bytes);
        expect(integrityProblem(path, sha512(bytes))).toBeUndefined();
        const changed = Uint8Array.from(bytes, (byte, index) =>
          index === at % bytes.length ? byte ^ (1 << bit) : byte,
        );
        writeFileSync(path, changed);
        expect(integrityProblem(path, sha512(bytes))).toContain("is not the one that was pinned");
      }),
    );
  });
});

describe("the Node that runs scripts", () => {
  const running = { version: "20.20.2", path: "/running/node", platform: "linux", arch: "x64" };

  it.each(["24.0.0", "24.21.0", "26.1.0"])("is the running one when that is %s", async (version) => {
    expect(await ensureNode(folder, { ...running, version })).toBe("/running/node");
  });

  it("is the one in the cache when the running one is too old", async () => {
    const path = join(folder, "node", "24.21.0-x64", "package", "bin", "node");
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, "");
    chmodSync(path, 0o755);
    expect(await ensureNode(folder, running)).toBe(path);
  });

  it("has a pinned download for both processors, and an answer for the others", () => {
    for (const arch of ["x64", "arm64"]) {
      expect(pickPackage({ ...running, arch }).spec).toBe(`node-linux-${arch}@24.21.0`);
      expect(pickPackage({ ...running, arch }).integrity).toMatch(/^sha512-[\w+/]{86}==$/);
    }
    expect(() => pickPackage({ ...running, arch: "riscv64" })).toThrow("Install it and run again");
    expect(() => pickPackage({ ...running, platform: "darwin" })).toThrow("Node 24 or newer is needed");
  });
});

describe("the stamp of sources", () => {
  const hash = (): string => hashOf(folder, ["sources", "config.json"]);
  beforeEach(() => {
    mkdirSync(join(folder, "sources", "deep"), { recursive: true });
    writeFileSync(join(folder, "sources", "deep", "a.ts"), "a");
    writeFileSync(join(folder, "config.json"), "{}");
  });

  it("changes when a file is changed, added, renamed or removed", () => {
    const hashes = [hash()];
    writeFileSync(join(folder, "sources", "deep", "a.ts"), "b");
    hashes.push(hash());
    writeFileSync(join(folder, "sources", "b.ts"), "");
    hashes.push(hash());
    rmSync(join(folder, "sources", "b.ts"));
    writeFileSync(join(folder, "sources", "c.ts"), "");
    hashes.push(hash());
    rmSync(join(folder, "config.json"));
    hashes.push(hash());
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it("does not change when a file is merely touched", () => {
    const before = hash();
    utimesSync(join(folder, "config.json"), 1, 1);
    expect(hash()).toBe(before);
  });
});

describe("the cache of set-up and sandbox", () => {
  it.each([
    { DELIVERY_CACHE: "/named", XDG_CACHE_HOME: "/xdg" },
    { DELIVERY_CACHE: undefined, XDG_CACHE_HOME: "/xdg" },
    { DELIVERY_CACHE: undefined, XDG_CACHE_HOME: undefined },
  ])("is one and the same with %o", (env) => {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    expect(setupPaths.cacheRoot()).toBe(cacheRoot());
  });

  it("belongs to the same checkout", () => {
    expect(setupPaths.CHECKOUT).toBe(CHECKOUT);
  });
});
