import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { publish } from "../../../components/ledger";
import { TOKEN_VARIABLE, endWorld, newDeploy, runtimeOf, startWorld } from "../ledger/support";
import type { LedgerWorld } from "../ledger/support";
import { pipelineText } from "./pipelines";
import type { Variant } from "./pipelines";
import { ReleaseProject } from "./project";
import type { Made } from "./project";

const cronJob = (name: string): string =>
  `{ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "${name}" } },`;

/** Ten states of a pipeline: each one renders something else. */
const VARIANTS: readonly Variant[] = [
  { mark: "first" },
  { mark: "norway: no # 'quoted' \"twice\" \u2028" },
  { mark: "3", objects: cronJob("worker") },
  { mark: "4", objects: cronJob("aaa-first") + cronJob("worker") },
  { mark: "5", images: ["shop", "worker"] },
  { mark: "6", settings: 'replicas: 2, greeting: "hello"' },
  { mark: "7", namespace: "shop-elsewhere" },
  { mark: "8", before: 'enum Colour { Red = "red" }\nconst colour: Colour = Colour.Red;\nvoid colour;' },
  { mark: "9", before: 'console.log("printed while it is loaded");' },
  { mark: "10", clusters: ["dev-1", "dev-2"] },
];

const project = new ReleaseProject();
const made: Made[] = [];
const access = { kind: "token", token: { variable: TOKEN_VARIABLE } } as const;
let world: LedgerWorld;
let repository: string;

/** Publishes a release for its one cluster, as a deployment does. */
async function deploy({ release, lists }: Made): Promise<void> {
  const files = Object.entries(lists["dev-1"]?.files ?? {});
  const message = { subject: `Deploy ${release.id}`, stack: "shop/dev", release: release.id };
  const place = { repository, branch: "deploy/shop/dev", access, prefixes: ["clusters/dev-1"] };
  const published = new Map(files.map(([name, text]) => [`clusters/dev-1/${name}`, text]));
  await publish({ ...place, message, files: published, allow: ["removals"] }, runtimeOf(world));
}

beforeAll(async () => {
  world = await startWorld();
  ({ repository } = await newDeploy(world, "deploy"));
  const ledger = JSON.stringify({ repository, access });
  await project.start();
  for (const [index, variant] of VARIANTS.entries()) {
    project.write("infra/pipeline.ts", pipelineText({ ...variant, ledger }));
    project.write("infra/title.ts", `export const title: string = "title ${index}";\n`);
    project.write("infra/extra.txt", `text ${index}\r\n`);
    made.push(await project.make());
  }
});
afterAll(async () => {
  project.remove();
  await endWorld(world);
});

const worktrees = async (): Promise<number> =>
  (await project.git("worktree", "list", "--porcelain"))
    .split("\n")
    .filter((line) => line.startsWith("worktree")).length;

describe("ten releases whose manifests changed", () => {
  it("are ten different ones, each rendered by the code that runs", () => {
    expect(new Set(made.map(({ release }) => release.id)).size).toBe(10);
    expect(new Set(made.map(({ lists: { "dev-1": dev } }) => dev?.contentHash)).size).toBe(10);
    for (const { lists } of made) expect(lists["dev-1"]?.by).toBe("running code");
  });

  it("have the same bytes and the same hash when the code at their commit renders them later", async () => {
    const older = made.slice(0, 9);
    const { lists, problems } = await project.render({ releases: older.map(({ release }) => release) });
    expect(problems).toEqual([]);
    for (const [index, { lists: before }] of older.entries()) {
      const later = lists[index]?.["dev-1"];
      expect(later).toEqual({ ...before["dev-1"], by: "commit" });
    }
    expect(await worktrees()).toBe(1);
  });

  it("have the same bytes and the same hash when the ledger has them, and its code those of a cluster that is new", async () => {
    const older = made.slice(0, 9);
    for (const each of older) await deploy(each);
    project.forget();
    const env = { [TOKEN_VARIABLE]: world.server.token };
    const { lists, problems } = await project.render({ releases: older.map(({ release }) => release), env });
    expect(problems).toEqual([]);
    for (const [index, { lists: before }] of older.entries()) {
      expect(lists[index]?.["dev-1"]).toEqual({ ...before["dev-1"], by: "ledger" });
      expect(lists[index]?.["dev-2"]?.by).toBe("commit");
    }
  });
});
