import { afterAll, beforeAll, describe, expect, it } from "vitest";
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

beforeAll(async () => {
  await project.start();
  for (const [index, variant] of VARIANTS.entries()) {
    project.write("infra/pipeline.ts", pipelineText(variant));
    project.write("infra/title.ts", `export const title: string = "title ${index}";\n`);
    project.write("infra/extra.txt", `text ${index}\r\n`);
    made.push(await project.make());
  }
});
afterAll(() => project.remove());

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
});
