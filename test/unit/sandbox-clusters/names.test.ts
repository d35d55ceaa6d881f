import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkClusterNames } from "../../../sandbox/clusters/index.ts";
import { startClusters } from "../../../sandbox/clusters/index.ts";

const alphabet = [..."abcdefghijklmnopqrstuvwxyz0123456789"];
const label = fc
  .tuple(
    fc.constantFrom(...alphabet),
    fc.string({ unit: fc.constantFrom(...alphabet, "-"), maxLength: 61 }),
    fc.constantFrom(...alphabet),
  )
  .map((parts) => parts.join(""));

describe("names of clusters", () => {
  it("takes every list of different DNS labels", () => {
    fc.assert(
      fc.property(fc.uniqueArray(label), (names) => {
        expect(checkClusterNames(names)).toEqual([]);
      }),
    );
  });

  it.each(["", "EU", "-eu", "eu-", "eu.1", "eu_1", "../eu", "eu/1", "a".repeat(64), "eu\n"])(
    "refuses %j and says what would do",
    (name) => {
      const [problem] = checkClusterNames([name]);
      expect(problem).toContain(JSON.stringify(name));
      expect(problem).toContain('a-z, 0-9 and "-"');
    },
  );

  it("names all problems of one list at once, each repeated name once", () => {
    const problems = checkClusterNames(["eu", "EU", "eu", "us_1", "eu"]);
    expect(problems).toHaveLength(3);
    expect(problems.filter((problem) => problem.includes("given twice"))).toHaveLength(1);
  });

  it("starts nothing and writes nothing when a name is wrong", async () => {
    const tools = {
      etcd: "/nowhere",
      "kube-apiserver": "/nowhere",
      "kube-controller-manager": "/nowhere",
      "kube-scheduler": "/nowhere",
      kwok: "/nowhere",
    };
    await expect(startClusters("/nowhere/sandbox", tools, ["eu", "Bad"])).rejects.toThrow(
      /^No cluster was started:\n {2}- cluster name "Bad"/,
    );
  });
});
