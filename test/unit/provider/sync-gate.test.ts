import { describe, expect, it } from "vitest";
import { agentRelease, syncGate } from "../../../components/provider";

const PLACE = { agent: "flux", cluster: "eu", namespace: "shop", name: "shop-delivery" };
const gate = (more: object = {}) => ({ ...PLACE, result: "live", ...more }) as never;

describe.each([
  ["a gate", syncGate],
  ["a source", agentRelease],
])("what takes a stack from its agent when it is deleted: %s", (_, provider) => {
  const replaced = async (news: object): Promise<readonly string[]> =>
    (await provider.diff("id", gate(), gate(news))).replaces;

  it("is another one for another cluster, namespace or name: the old one is let go", async () => {
    expect(await replaced({ cluster: "us" })).toEqual(["cluster"]);
    expect(await replaced({ namespace: "other" })).toEqual(["namespace"]);
    expect(await replaced({ name: "other-delivery" })).toEqual(["name"]);
  });

  it("is the same one for a cluster that has another name now: it goes on, and nothing is taken from the agent", async () => {
    expect(await replaced({ cluster: "eu-west", formerly: ["eu"] })).toEqual([]);
    expect(await replaced({ cluster: "eu-west", formerly: ["europe", "eu"] })).toEqual([]);
    expect(await replaced({ cluster: "eu-west", formerly: ["us"] })).toEqual(["cluster"]);
  });
});

describe("the gate of a cluster that is given up", () => {
  it("is asked once: neither again, nor when it leaves the program, where nothing might answer any more", async () => {
    const retired = { retired: "orphan", cluster: "us" };
    const diff = (olds: object): Promise<{ changes: boolean }> =>
      syncGate.diff("id", gate(olds), gate(retired));
    expect(await diff({ cluster: "us" })).toMatchObject({ changes: true, replaces: [] });
    expect(await diff(retired)).toMatchObject({ changes: false });
    const context = "a context that is in no kubeconfig";
    await expect(syncGate.delete("id", gate({ ...retired, access: { context } }))).resolves.toBeUndefined();
  });

  it("looks again when the cluster is back in a wave", async () => {
    const back = await syncGate.diff("id", gate({ retired: "orphan", result: "retired" }), gate());
    expect(back).toMatchObject({ changes: true, replaces: [] });
  });
});
