import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { closeGit, openGit, runGit } from "../../../components/ledger/git";
import type { Git } from "../../../components/ledger/git";
import { withLedger } from "../../../components/ledger/publish/session";
import { fetchTip } from "../../../components/ledger/publish/tip";
import { buildTree } from "../../../components/ledger/publish/tree";
import type { SyncGateInputs } from "../../../components/pull/sync/inputs";
import { standings } from "../../../components/pull/sync/standing";

// A real repository, which is here already: nothing is fetched.
vi.mock("../../../components/ledger/publish/session", () => ({ withLedger: vi.fn() }));
vi.mock("../../../components/ledger/publish/tip", () => ({ fetchTip: vi.fn() }));

const FOLDER = "clusters/eu";
let git: Git;
/** Commits of the branch, the oldest first, and the tree of the folder in each. */
const commits: string[] = [];
const trees: string[] = [];

async function commit(files: Readonly<Record<string, string>>): Promise<void> {
  const content = { prefixes: [FOLDER], retired: [], files: new Map(Object.entries(files)) };
  const built = await buildTree(git, undefined, content);
  const parents = commits.slice(-1).flatMap((parent) => ["-p", parent]);
  const who = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
  const said = await runGit(git, [...who, "commit-tree", built.root, ...parents, "-m", "deploy"]);
  commits.push(said.toString().trim());
  trees.push(built.trees[FOLDER]!);
}

beforeAll(async () => {
  git = openGit("https://git.invalid/deploy.git", { kind: "none", advice: "" }, process.env);
  for (const text of ["1", "2", "2", "3"]) await commit({ [`${FOLDER}/a.yaml`]: text });
});
afterAll(() => closeGit(git));
beforeEach(() => {
  vi.mocked(withLedger).mockReset();
  vi.mocked(withLedger).mockImplementation(async (_location, _runtime, _what, work) => work(git));
  vi.mocked(fetchTip).mockResolvedValue({ commit: commits[3]!, tree: "", history: new Set(commits) });
});

/** Ours is the second one. */
const standing = (of: string | undefined, ours = commits[1]!): Promise<string> => {
  const inputs = { folder: FOLDER, commit: ours, tree: trees[1]!, branch: "deploy/shop/prod" };
  return standings(inputs as SyncGateInputs, {})(of);
};

describe("what an agent tells of, beside what was published", () => {
  it("is the same with the same bytes, in whichever commit", async () => {
    expect(await standing(commits[1])).toBe("same");
    expect(withLedger).not.toHaveBeenCalled();
    expect(await standing(commits[2])).toBe("same");
  });

  it("is newer with other bytes in a commit above ours, and something else in an older one", async () => {
    expect(await standing(commits[3])).toBe("newer");
    expect(await standing(commits[0])).toBe("other");
  });

  it("is something else without a commit, in one that the branch does not have, and when that has lost ours", async () => {
    expect(await standing(undefined)).toBe("other");
    expect(await standing("f".repeat(40))).toBe("other");
    expect(await standing(commits[3], "e".repeat(40))).toBe("other");
    vi.mocked(fetchTip).mockResolvedValue(undefined);
    expect(await standing(commits[3])).toBe("other");
  });

  it("is looked up once for each commit", async () => {
    const inputs = { folder: FOLDER, commit: commits[1]!, tree: trees[1]!, branch: "b" } as SyncGateInputs;
    const look = standings(inputs, {});
    for (const index of [3, 3, 0, 3]) await look(commits[index]);
    expect(withLedger).toHaveBeenCalledTimes(2);
  });
});
