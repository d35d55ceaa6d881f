import { describe, expect, it } from "vitest";
import { Faults, checkFault, matchesPath } from "../../../sandbox/git/faults/index.ts";

describe("a path of a fault", () => {
  it.each([
    ["/a/b", "/a/b", true],
    ["/a/b", "/a/b?x=1", true],
    ["/a/b", "/a/bc", false],
    ["/a/*", "/a/b/c", true],
    ["*", "/anything?x", true],
    ["/a.git/*", "/axgit/b", false],
    ["/a/refs?service=x", "/a/refs?service=x", true],
    ["/a/refs?service=x", "/a/refs?service=y", false],
    ["/a/refs?service=*", "/a/refs", false],
    ["/a/(b)", "/a/(b)", true],
  ])("%s for %s: %s", (pattern, url, fits) => {
    expect(matchesPath(pattern, url)).toBe(fits);
  });
});

describe("faults", () => {
  it("happen after those to skip, as often as they say, and then no more", () => {
    const faults = new Faults();
    faults.set({ kind: "delay", ms: 1, method: "get", path: "/x", skip: 2, times: 2 });
    const seen = Array.from({ length: 6 }, () => faults.strike("GET", "/x") !== undefined);
    expect(seen).toEqual([false, false, true, true, false, false]);
    expect(faults.strike("POST", "/x")).toBeUndefined();
    expect(faults.list()).toMatchObject([{ left: 0 }]);
  });

  it("let the first that fits win, and the next one when that is used up", () => {
    const faults = new Faults();
    faults.set({ kind: "status", status: 500, times: 1 });
    faults.set({ kind: "status", status: 503 });
    const statuses = [1, 2, 3].map(() => faults.strike("GET", "/")?.effect);
    expect(statuses).toMatchObject([{ status: 500 }, { status: 503 }, { status: 503 }]);
  });

  it("are cleared one by one or all at once, and let go of what they hold", async () => {
    const faults = new Faults();
    const first = faults.set({ kind: "pause", path: "/a" });
    faults.set({ kind: "pause", path: "/b" });
    const held = [faults.strike("GET", "/a")?.cleared, faults.strike("GET", "/b")?.cleared];
    faults.clear(first);
    await held[0];
    expect(faults.list()).toHaveLength(1);
    faults.clear();
    await held[1];
    expect(faults.strike("GET", "/b")).toBeUndefined();
  });

  it("are told apart from nonsense", () => {
    expect(checkFault({ kind: "pause" })).toEqual([]);
    expect(checkFault({ kind: "status", status: 500 })).toEqual([]);
    expect(checkFault({ kind: "status" })).toHaveLength(1);
    expect(checkFault({ kind: "cut-request", afterBytes: "1" })).toHaveLength(1);
    expect(checkFault({})).toHaveLength(1);
  });
});
