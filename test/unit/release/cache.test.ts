import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cacheFolder, keep, readKept, renderKeys } from "../../../components/release/older/cache";
import type { ReleaseRequest } from "../../../components/release";
import { makeRelease } from "../../../components/release";

const KEY = "a".repeat(64);
const DAY_MS = 24 * 60 * 60 * 1000;
let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "delivery-cache-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const path = (key: string): string => join(folder, "renders", `${key}.json`);
function age(key: string, days: number): void {
  const then = new Date(Date.now() - days * DAY_MS);
  utimesSync(path(key), then, then);
}

describe("what was rendered before", () => {
  it("is found again by its key, and is for its owner only", () => {
    expect(readKept(folder, KEY)).toBeUndefined();
    keep(folder, KEY, { "a.yaml": "a: 1\n" });
    expect(readKept(folder, KEY)).toEqual({ "a.yaml": "a: 1\n" });
    expect(statSync(path(KEY)).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, "renders")).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(folder, "renders"))).toEqual([`${KEY}.json`]);
  });

  it("is rendered again when the file is broken, or the folder cannot be written", () => {
    keep(folder, KEY, {});
    writeFileSync(path(KEY), '{"a.yaml": "a');
    expect(readKept(folder, KEY)).toBeUndefined();
    const file = join(folder, "file");
    writeFileSync(file, "");
    keep(file, KEY, {});
    expect(readKept(file, KEY)).toBeUndefined();
  });

  it("is removed when nobody has used it for a month, and stays when somebody has", () => {
    for (const key of ["old", "used"]) {
      keep(folder, key, {});
      age(key, 31);
    }
    expect(readKept(folder, "used")).toEqual({});
    keep(folder, KEY, {});
    expect(readKept(folder, "old")).toBeUndefined();
    expect(readKept(folder, "used")).toEqual({});
  });

  it("lies where the environment says that caches are", () => {
    expect(cacheFolder({ XDG_CACHE_HOME: "/x", HOME: "/h" })).toBe("/x/pulumi-delivery");
    expect(cacheFolder({ XDG_CACHE_HOME: "relative", HOME: "/h" })).toBe("/h/.cache/pulumi-delivery");
    expect(cacheFolder({ HOME: "/h" })).toBe("/h/.cache/pulumi-delivery");
  });
});

describe("the key of a render", () => {
  const release = makeRelease("shop", { commit: "1".repeat(40), sources: "b".repeat(64), images: {} });
  const request: ReleaseRequest = {
    root: "/here",
    app: "shop",
    release,
    environment: "dev",
    clusters: ["eu"],
    namespace: "shop",
    settings: { a: 1, b: 2 },
  };
  const key = (change: Partial<ReleaseRequest> = {}, lock = "lock"): string =>
    renderKeys({ ...request, ...change }, lock)("eu");

  it("does not depend on the place, on the other clusters or on the order of settings", () => {
    const same = key({ root: "/elsewhere", clusters: ["eu", "us"], settings: { b: 2, a: 1 } });
    expect(same).toBe(key());
  });

  it("depends on the release, its commit, the environment, the settings, the packages and the cluster", () => {
    const keys = [
      key(),
      key({ release: { ...release, id: "shop-2" } }),
      key({ release: { ...release, commit: "2".repeat(40) } }),
      key({ environment: "prod" }),
      key({ namespace: "elsewhere" }),
      key({ settings: { a: 1 } }),
      key({}, "other lock"),
      renderKeys(request, "lock")("us"),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });
});
