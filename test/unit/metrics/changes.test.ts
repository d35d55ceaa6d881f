import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Deployment } from "../../../components/history";
import { withChanges } from "../../../components/metrics";
import { Repository } from "../pending/repository";

let repository: Repository;
beforeEach(() => {
  repository = new Repository();
});
afterEach(() => repository.remove());

const deployment = (sourceCommit: string, more: Partial<Deployment> = {}): Deployment => ({
  ...{ release: sourceCommit, sourceCommit, begun: new Date(0), verified: new Date(1), outcome: "verified" },
  ...{ clusters: ["eu"], isRollback: false, override: undefined },
  ...more,
});
const source = (): Parameters<typeof withChanges>[0] => ({ root: repository.root, paths: ["app/**"] });
const counts = async (deployments: readonly Deployment[]): Promise<number[]> =>
  (await withChanges(source(), deployments)).map(({ changes }) => changes.length);

describe("what a deployment brought", () => {
  it("are the commits since the one before it that was verified; of the first nobody knows", async () => {
    const commits = ["1", "2", "3", "4"].map((text) => repository.commit("app/main.go", text, text));
    const [first, second, , fourth] = commits.map((commit) => deployment(commit));
    const failed = deployment(commits[2]!, { verified: undefined, outcome: "failed" });
    expect(await counts([fourth!, failed, second!, first!])).toEqual([2, 1, 1, 0]);
  });

  it("is nothing for a way back", async () => {
    const [first, second] = ["1", "2"].map((text) => repository.commit("app/main.go", text, text));
    const back = deployment(first!, { isRollback: true });
    expect(await counts([back, deployment(second!), deployment(first!)])).toEqual([0, 1, 0]);
  });

  it("keeps its place in a long history", async () => {
    const commits = Array.from({ length: 20 }, (_, index) => repository.commit("app/main.go", `${index}`));
    const history = commits.map((commit) => deployment(commit)).toReversed();
    expect(await counts(history)).toEqual([...Array.from({ length: 19 }, () => 1), 0]);
  });

  it("is looked up only where it is asked for", async () => {
    const [first, second] = ["1", "2"].map((text) =>
      deployment(repository.commit("app/main.go", text, text)),
    );
    const found = await withChanges(source(), [second!, first!], () => false);
    expect(found.map(({ changes }) => changes)).toEqual([[], []]);
  });
});
