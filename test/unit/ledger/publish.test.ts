import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Git } from "../../../components/ledger/git";
import { LedgerError } from "../../../components/ledger";
import { publishWith } from "../../../components/ledger/publish/publish";
import type { PublishArgs } from "../../../components/ledger/publish/args";
import { tipAbove } from "../../../components/ledger/publish/history";
import { fetchTip, pushCommit } from "../../../components/ledger/publish/tip";

// Git itself: test/e2e/ledger has the real one.
vi.mock("../../../components/ledger/publish/tip", () => ({ fetchTip: vi.fn(), pushCommit: vi.fn() }));
vi.mock("../../../components/ledger/publish/commit", () => ({ commitTree: vi.fn(async () => "made") }));
vi.mock("../../../components/ledger/publish/inspect", () => ({ NOT_INSPECTED: {}, inspect: vi.fn() }));
vi.mock("../../../components/ledger/publish/history", async (original) => {
  return { ...(await original<object>()), tipAbove: vi.fn() };
});
vi.mock("../../../components/ledger/publish/tree", () => ({
  buildTree: vi.fn(async () => ({ root: "new tree", trees: {} })),
}));

const tip = (commit: string) => ({ commit, tree: "old tree", history: new Set([commit]) });
const publishing = (args: Partial<PublishArgs> = {}): Promise<unknown> => {
  const base = { branch: "deploy/shop/dev", prefixes: ["a"], files: new Map([["a/b", "c"]]), ...args };
  return publishWith({ git: {} as Git, args: base as PublishArgs, runtime: {} }).catch((error) => error);
};
const failureOf = async (said: Promise<unknown>): Promise<LedgerError> => {
  const error = await said;
  expect(error).toBeInstanceOf(LedgerError);
  return error as LedgerError;
};

beforeEach(() => {
  vi.mocked(fetchTip).mockReset().mockResolvedValue(tip("one"));
  vi.mocked(pushCommit).mockReset();
});

describe("a publication", () => {
  it("is made again on top of the new head when the branch has moved", async () => {
    vi.mocked(fetchTip).mockResolvedValueOnce(tip("one")).mockResolvedValueOnce(tip("two"));
    vi.mocked(tipAbove).mockResolvedValue(tip("two"));
    vi.mocked(pushCommit)
      .mockResolvedValueOnce({ kind: "moved", why: "stale info" })
      .mockResolvedValueOnce({ kind: "done" });
    expect(await publishing()).toMatchObject({ result: "published", commit: "made", tree: "new tree" });
    expect(vi.mocked(pushCommit).mock.calls.map(([, { expected }]) => expected)).toEqual(["one", "two"]);
  });

  it("gives up with the server's words when it says three times that a branch has moved which has not", async () => {
    vi.mocked(pushCommit).mockResolvedValue({ kind: "moved", why: "cannot lock ref" });
    const { message } = await failureOf(publishing());
    expect(message).toContain("the server refused the push 3 times: cannot lock ref");
    expect(pushCommit).toHaveBeenCalledTimes(3);
  });

  it("sends nothing when the branch no longer has what was published before", async () => {
    vi.mocked(tipAbove).mockResolvedValue(undefined);
    const { failure } = await failureOf(publishing({ known: { head: "gone", trees: {} } }));
    expect(failure).toBe("rewritten");
    expect(pushCommit).not.toHaveBeenCalled();
  });
});
