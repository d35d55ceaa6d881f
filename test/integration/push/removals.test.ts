import { beforeEach, describe, expect, it, vi } from "vitest";
import { PushDelivery } from "../../../components/push";
import type { PushDeliveryArgs } from "../../../components/push";
import { registrations } from "../../support/registrations";
import type { Registration } from "../../support/registrations";
import { answer, configMap, ledger, manifests, release, told, toldList, twoWaves } from "./survey";

// Its process is compiled, and asks clusters and a server: test/e2e has them.
vi.mock("../../../components/push/survey/sync", () => ({ surveySync: vi.fn() }));

beforeEach(() => answer({}));

async function run(
  args: Partial<PushDeliveryArgs> = {},
): Promise<{ readonly world: Registration[]; readonly problem: string }> {
  let problem = "";
  const world = await registrations(() => {
    const base = { waves: twoWaves, manifests: manifests("new"), release: release("2"), ledger };
    try {
      new PushDelivery("shop", { ...base, ...args } as PushDeliveryArgs);
    } catch (error) {
      problem = (error as Error).message;
    }
  });
  return { world, problem };
}

describe("a release without more than half of the files of a folder", () => {
  const crowd = Array.from({ length: 9 }, (_, index) => configMap(`crowd-${index}`));
  const crowded = toldList("1", [...manifests("old"), ...crowd]);

  it("is refused before anything is declared, also where it is a later wave that would lose them", async () => {
    answer({ told: { eu: told(), us: told(crowded) } });
    const { world, problem } = await run();
    expect(problem).toMatch(
      /9 of 14 files would be removed from "clusters\/us" \(.*crowd.*\); if that is meant, say so with allow: \["removals"\]/,
    );
    expect(problem).not.toContain("clusters/eu");
    expect(world.map(({ type }) => type)).toEqual(["delivery:push:PushDelivery"]);
  });

  it("is delivered where that is said, and where the cluster is left at what it was told", async () => {
    answer({ told: { eu: told(), us: told(crowded, { pinned: crowded }) } });
    expect((await run({ ledger: { ...ledger, allow: ["removals"] } })).problem).toBe("");
    expect((await run({ pins: { us: crowded.release } })).problem).toBe("");
    const reach = { us: { state: "unreachable", why: "it is gone", isSilent: false } } as const;
    answer({ reach, told: { eu: told(), us: told(crowded) } });
    expect((await run({ onUnreachable: "skip" })).problem).toBe("");
  });
});
