import { describe, expect, it } from "vitest";
import { checkFormerNames, clusterIdentity, formerAliases } from "../../../components/clusters";

describe("a renamed cluster", () => {
  it("has an alias for each name that it had, under the same owner", () => {
    expect(formerAliases("shop/west-1", { name: "west-1", formerly: ["eu", "eu-1"] })).toEqual([
      { name: "shop/eu" },
      { name: "shop/eu-1" },
    ]);
    expect(formerAliases("shop/eu", { name: "eu" })).toEqual([]);
  });

  it("is the same cluster to the plugin as under its first name", () => {
    expect(clusterIdentity({ name: "west-1", formerly: ["eu", "eu-1"] })).toBe("eu");
    expect(clusterIdentity({ name: "eu" })).toBe("eu");
  });

  it.each([
    ["that another cluster has", [{ name: "a", formerly: ["b"] }, { name: "b" }], 'formerly has "b"'],
    ["that is its own", [{ name: "a", formerly: ["a"] }], 'formerly has "a"'],
    ["that is none", [{ name: "a", formerly: ["B"] }], 'formerly: a name is "B"'],
  ])("is refused with a former name %s", (_what, targets, problem) => {
    expect(checkFormerNames(targets)).toEqual([expect.stringContaining(problem)]);
  });
});
