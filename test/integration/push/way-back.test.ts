import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { PushDelivery } from "../../../components/push";
import type { PushDeliveryArgs } from "../../../components/push";
import { surveySync } from "../../../components/push/survey/sync";
import { registrations } from "../../support/registrations";
import { answer, ledger, manifests, release, twoWaves } from "./survey";

// Its process is compiled, and asks clusters and a server: test/e2e has them.
vi.mock("../../../components/push/survey/sync", () => ({ surveySync: vi.fn() }));
const info = vi.spyOn(pulumi.log, "info").mockResolvedValue();

beforeEach(() => {
  answer({});
  info.mockClear();
});

/** What a preview or an update says. */
async function says(preview: boolean, args: Partial<PushDeliveryArgs> = {}): Promise<unknown[]> {
  const base = { waves: twoWaves, manifests: manifests("new"), release: release("2"), ledger };
  await registrations(() => new PushDelivery("shop", { ...base, ...args } as PushDeliveryArgs), { preview });
  return info.mock.calls.map(([text]) => text);
}

describe("the way back from a release", () => {
  const back = { release: release("1").id, at: Date.parse("2026-11-26T12:00:30Z") };

  it("is said by every preview: to what, since when it is known to be good, where, and by what", async () => {
    answer({ back });
    expect(await says(true)).toEqual([
      `way back from ${release("2").id}: ${back.release}, which has succeeded here last at 2026-11-26 12:00 UTC: ` +
        "delivery rollback stack --up (eu, us); it looks first whether its images and the schema are there.",
    ]);
    expect(vi.mocked(surveySync).mock.lastCall?.[0].leaving).toBe(release("2").id);
  });

  it("is said to be none where nothing else has succeeded", async () => {
    expect(await says(true)).toEqual([
      `way back from ${release("2").id}: none, since nothing else has succeeded here yet.`,
    ]);
  });

  it("is neither asked for nor said by an update, nor where nobody knows it", async () => {
    answer({ back });
    expect(await says(false)).toEqual([]);
    expect(vi.mocked(surveySync).mock.lastCall?.[0].leaving).toBeUndefined();
    expect(await says(true, { ledger: undefined as never })).toEqual([]);
    answer({ back, ledgerProblem: "git.example.com is gone" });
    expect(await says(true)).toEqual([]);
  });
});
