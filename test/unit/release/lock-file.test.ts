import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findLockFile, foldersUpFrom, isSameLock } from "../../../components/release/older/lock-file";
import type { LockFile } from "../../../components/release/older/lock-file";

let here: string;
let there: string;
beforeEach(() => {
  here = mkdtempSync(join(tmpdir(), "delivery-lock-"));
  there = mkdtempSync(join(tmpdir(), "delivery-lock-"));
});
afterEach(() => {
  for (const folder of [here, there]) rmSync(folder, { recursive: true });
});

function write(top: string, path: string, text: string): void {
  mkdirSync(dirname(join(top, path)), { recursive: true });
  writeFileSync(join(top, path), text);
}
const found = (top: string): LockFile | undefined => findLockFile(top, "services/shop/infra");

describe("the lock file of a folder", () => {
  it("is looked for from there to the top", () => {
    expect(foldersUpFrom("services/shop/infra")).toEqual([
      "services/shop/infra",
      "services/shop",
      "services",
      "",
    ]);
    expect(foldersUpFrom("")).toEqual([""]);
  });

  it("is the nearest one", () => {
    expect(found(here)).toBeUndefined();
    write(here, "package-lock.json", "top");
    expect(found(here)).toMatchObject({ folder: "", name: "package-lock.json" });
    write(here, "services/shop/yarn.lock", "near");
    expect(found(here)).toMatchObject({ folder: "services/shop", name: "yarn.lock" });
  });

  it("is the same one in two checkouts when place, name and bytes are", () => {
    write(here, "package-lock.json", "a");
    write(there, "package-lock.json", "a");
    expect(isSameLock(found(here), found(there))).toBe(true);
    write(there, "package-lock.json", "b");
    expect(isSameLock(found(here), found(there))).toBe(false);
    write(there, "package-lock.json", "a");
    write(there, "services/shop/package-lock.json", "a");
    expect(isSameLock(found(here), found(there))).toBe(false);
  });

  it("may be missing in both, but not in one", () => {
    expect(isSameLock(undefined, undefined)).toBe(true);
    write(here, "package-lock.json", "a");
    expect(isSameLock(found(here), undefined)).toBe(false);
    expect(isSameLock(undefined, found(here))).toBe(false);
  });
});
