import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EnvironmentFacts } from "../../../components/history";
import { currentOf, settingsChanges } from "../../../components/pending/promotion";
import { Repository } from "./repository";

let repository: Repository;
/** Commits of the releases, the oldest first. */
let commits: readonly string[] = [];

beforeEach(() => {
  repository = new Repository();
  commits = ["r1", "r2", "r3"].map((text) => repository.commit("app/main.go", text));
});
afterEach(() => repository.remove());

type Runs = Readonly<Record<string, number>>;
/** Clusters run releases `r1` to `r3`, each made from its commit. */
function facts(runs: Runs, file: Partial<EnvironmentFacts["file"]> = {}): EnvironmentFacts {
  const running = Object.entries(runs).map(([cluster, number]) => {
    const commit = commits[number - 1];
    const made = { release: `r${number}`, commit, contentHash: "", settings: "s1", since: undefined };
    return [cluster, made] as const;
  });
  const release = { id: "r3", commit: commits[2]! };
  const rest = { hold: undefined, override: undefined, ledger: undefined };
  return {
    ...{ name: "prod", from: "staging", clusters: Object.keys(runs), deployments: [], source: "ledger" },
    ...{ running: new Map(running), problem: undefined },
    file: { release, settings: "s1", pins: {}, ...rest, ...file },
  };
}
const current = async (environment: EnvironmentFacts): Promise<string | undefined> =>
  (await currentOf({ root: repository.root, paths: ["app/**"] }, environment))?.release.id;

describe("the release that an environment runs", () => {
  it("is the one that is furthest behind, whatever order its clusters have", async () => {
    expect(await current(facts({ eu: 3, us: 1, asia: 2 }))).toBe("r1");
    expect(await current(facts({ us: 2, eu: 3 }))).toBe("r2");
  });

  it("is not that of a pinned cluster, which is behind on purpose, unless all are pinned", async () => {
    expect(await current(facts({ eu: 3, us: 1 }, { pins: { us: "r1" } }))).toBe("r3");
    expect(await current(facts({ us: 1 }, { pins: { us: "r1" } }))).toBe("r1");
  });

  it("is none before the first deployment", async () => {
    expect(await current(facts({}))).toBeUndefined();
  });
});

describe("a change of settings", () => {
  const changes = async (environment: EnvironmentFacts): Promise<readonly unknown[]> => {
    repository.commit("Pulumi.prod.yaml", "config: {}");
    const source = { root: repository.root, paths: ["app/**"] };
    const question = { source, file: "Pulumi.prod.yaml", environment, upstream: undefined, now: new Date(0) };
    return settingsChanges(question, await currentOf(source, environment));
  };

  it("is pending since the last commit of the file when the file has others than run", async () => {
    expect(await changes(facts({ eu: 3 }, { settings: "s2" }))).toEqual([
      {
        kind: "settings",
        subject: "delivery:config of prod is not what runs there",
        time: repository.now(),
      },
    ]);
  });

  it("is none when the file has what runs, nothing runs, or only the file tells what runs", async () => {
    expect(await changes(facts({ eu: 3 }))).toEqual([]);
    expect(await changes(facts({}, { settings: "s2" }))).toEqual([]);
    expect(await changes({ ...facts({ eu: 3 }, { settings: "s2" }), source: "file" })).toEqual([]);
  });
});
