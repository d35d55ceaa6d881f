import { describe, expect, it } from "vitest";
import { Progress } from "../../../cli/up/progress";
import { clustersToPin } from "../../../cli/up/revert";

const waves = [
  { name: "canary", clusters: ["eu-1"] },
  { name: "some", clusters: ["us-1", "us-2"] },
  { name: "rest", clusters: ["ap-1"] },
];
const passed = (...names: string[]): ReadonlySet<string> => new Set(names);
const gate = (name: string, op: string) => ({
  sequence: 1,
  timestamp: 1,
  resOutputsEvent: { metadata: { op, urn: `urn:pulumi:prod::shop::delivery:push:Gate::shop/gate/${name}` } },
});

describe("what goes back after a failed update", () => {
  it("is all of the environment, when that was asked for or no wave has passed", () => {
    expect(clustersToPin(waves, { onFailure: "revert-all", passed: passed("canary") })).toBeUndefined();
    expect(clustersToPin(waves, { onFailure: "revert-wave", passed: passed() })).toBeUndefined();
  });

  it("is the failed wave and those after it, which would get the release when that passes", () => {
    const clusters = clustersToPin(waves, { onFailure: "revert-wave", passed: passed("canary") });
    expect(clusters).toEqual(["us-1", "us-2", "ap-1"]);
    expect(clustersToPin(waves, { onFailure: "revert-wave", passed: passed("canary", "some") })).toEqual([
      "ap-1",
    ]);
  });

  it("takes a wave for passed that had passed before", () => {
    const progress = new Progress({ app: "shop", waves });
    expect(progress.take(gate("canary", "same") as never)).toEqual([]);
    expect(progress.take(gate("some", "update") as never)).toEqual(["✓ wave some passed"]);
    expect([...progress.passed]).toEqual(["canary", "some"]);
  });
});
