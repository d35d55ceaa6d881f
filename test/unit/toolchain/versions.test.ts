import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareVersions, fits, readVersion, sayRange } from "../../../sandbox/toolchain/versions.ts";
import { between, exactly, ANY } from "../../../sandbox/toolchain/entries.ts";

const version = fc.tuple(fc.nat(99), fc.nat(99), fc.nat(99)).map((numbers) => numbers.join("."));

describe("the version that a tool says", () => {
  it.each([
    ["etcd Version: 3.6.14\nGit SHA: Not provided", "3.6.14"],
    ["kwok version v0.8.0 go1.26.8 (linux/amd64)", "0.8.0"],
    ["Client Version: v1.36.3\nKustomize Version: v5.7.1", "1.36.3"],
    ["v4.2.3+g1234567", "4.2.3"],
    ["v3.259.0", "3.259.0"],
    ["buildkitd github.com/moby/buildkit v0.0.0+unknown ", "0.0.0"],
    ["Docker version 20.10.24+dfsg1, build 297e128", "20.10.24"],
    ["docker-registry github.com/docker/distribution v2.8.2+ds1", "2.8.2"],
    ["runc version 1.1.5+ds1\ncommit: 1.1.5+ds1-1", "1.1.5"],
    ["UnZip 6.00 of 20 April 2009, by Debian", "6.0.0"],
    ["usage: tool [flags]", undefined],
    ["", undefined],
  ])("is read out of %j", (said, expected) => {
    expect(readVersion(said)).toBe(expected);
  });
});

describe("a version that fits", () => {
  it.each([
    ["4.25.0", exactly("4.25.0"), true],
    ["4.25.1", exactly("4.25.0"), false],
    ["4.24.9", exactly("4.25.0"), false],
    ["3.259.0", between("3.259.0", "3.260.0"), true],
    ["3.259.9", between("3.259.0", "3.260.0"), true],
    ["3.260.0", between("3.259.0", "3.260.0"), false],
    ["3.258.9", between("3.259.0", "3.260.0"), false],
    ["28.2.2", between("20.10.0", "23.0.0"), false],
    ["9.9.9", between("20.10.0", "23.0.0"), false],
    ["6.0.0", ANY, true],
    [undefined, ANY, true],
    [undefined, exactly("1.0.0"), false],
    [undefined, between("1.0.0", "2.0.0"), false],
  ])("%s against %o: %s", (found, range, expected) => {
    expect(fits(found, range)).toBe(expected);
  });

  it("is said in words that name both ends of a range", () => {
    expect(sayRange(between("1.2.0", "2.0.0"))).toBe("1.2.0 or newer, below 2.0.0");
    expect(sayRange(exactly("1.2.0"))).toBe("exactly 1.2.0");
  });
});

describe("comparing versions", () => {
  it("goes by number, not by letter, and the same way round from both sides", () => {
    expect(compareVersions("1.10.0", "1.9.0")).toBeGreaterThan(0);
    fc.assert(
      fc.property(version, version, (a, b) => {
        expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) + 0);
        expect(compareVersions(a, a)).toBe(0);
      }),
    );
  });

  it("orders any three versions without a circle", () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        const [low = "", middle = "", high = ""] = [a, b, c].sort(compareVersions);
        expect(compareVersions(low, middle)).toBeLessThanOrEqual(0);
        expect(compareVersions(low, high)).toBeLessThanOrEqual(0);
      }),
    );
  });
});
