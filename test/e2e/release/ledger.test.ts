import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { publish } from "../../../components/ledger";
import { stopGitServer } from "../../../sandbox/git/index.ts";
import { TOKEN_VARIABLE, endWorld, newDeploy, runtimeOf, startWorld } from "../ledger/support";
import type { LedgerWorld } from "../ledger/support";
import { pipelineText } from "./pipelines";
import { ReleaseProject } from "./project";
import type { Answer, Lists, Made } from "./project";

const project = new ReleaseProject();
const access = { kind: "token", token: { variable: TOKEN_VARIABLE } } as const;
/** A clone that has the newest commit only. */
const shallow = join(project.dir, "shallow");
let world: LedgerWorld;
let repository: string;
let first: Made;
let second: Made;

/** Publishes as a deployment does: what each cluster is told to run, under its own folder. */
async function deploy({ release }: Pick<Made, "release">, lists: Lists): Promise<void> {
  const files = Object.entries(lists).flatMap(([cluster, list]) =>
    Object.entries(list.files).map(([name, text]) => [`clusters/${cluster}/${name}`, text] as const),
  );
  const prefixes = Object.keys(lists).map((cluster) => `clusters/${cluster}`);
  const message = { subject: `Deploy ${release.id}`, stack: "shop/dev", release: release.id };
  const args = { repository, branch: "deploy/shop/dev", access, prefixes, files: new Map(files), message };
  await publish({ ...args, allow: ["removals"] }, runtimeOf(world));
}

/** What a program in the shallow clone is told that a release is. */
function ask({ release }: Made, settings?: unknown, token = world.server.token): Promise<Answer> {
  project.forget();
  return project.render({ releases: [release], root: shallow, settings, env: { [TOKEN_VARIABLE]: token } });
}

beforeAll(async () => {
  world = await startWorld();
  ({ repository } = await newDeploy(world, "deploy"));
  const ledger = JSON.stringify({ repository, access });
  const clusters = ["dev-1", "dev-2"];
  await project.start();
  project.write("infra/title.ts", 'export const title: string = "one";\n');
  project.write("infra/extra.txt", "text\r\n");
  const made = [];
  for (const mark of ["first", "second", "third"]) {
    project.write("infra/pipeline.ts", pipelineText({ mark, clusters, ledger }));
    made.push(await project.make());
  }
  [first, second] = made as [Made, Made];
  await deploy(first, first.lists);
  await deploy(second, second.lists);
  await project.git("clone", "--quiet", "--depth=1", `file://${project.root}`, shallow);
});
afterAll(async () => {
  project.remove();
  await endWorld(world);
});

describe("a release whose code is not in the clone", () => {
  it("is what the ledger's newest commit has of it, byte for byte", async () => {
    const { lists, problems } = await ask(second);
    expect(problems).toEqual([]);
    for (const cluster of ["dev-1", "dev-2"]) {
      expect(lists[0]?.[cluster]).toEqual({ ...second.lists[cluster], by: "ledger" });
    }
  });

  it("is what an older commit of the ledger has of it, byte for byte", async () => {
    const { lists, problems } = await ask(first);
    expect(problems).toEqual([]);
    for (const cluster of ["dev-1", "dev-2"]) {
      expect(lists[0]?.[cluster]).toEqual({ ...first.lists[cluster], by: "ledger" });
    }
  });

  it("is refused with other settings than it was published with, saying how to get its code", async () => {
    const { commit } = second.release;
    const { problems } = await ask(second, { replicas: 7 });
    expect(problems).toEqual([
      `commit ${commit} is not in this clone, which is a shallow one; ` +
        `get it with: git fetch --unshallow (or git fetch origin ${commit})`,
      "the ledger deploy/shop/dev does not have it for dev-1, dev-2 with these settings",
    ]);
  });

  it("is refused when the ledger does not let us in, with both reasons and without the token", async () => {
    const { problems, said } = await ask(second, undefined, "canary-5d1e");
    expect(problems).toHaveLength(2);
    expect(problems[1]).toContain("deploy/shop/dev");
    expect(said + problems.join()).not.toContain("canary-5d1e");
  });

  it("is not taken from a folder that somebody has edited", async () => {
    const lists = structuredClone(first.lists) as Record<string, { files: Record<string, string> }>;
    const files = lists["dev-1"]!.files;
    for (const [name, text] of Object.entries(files))
      files[name] = text.replace("mark: first", "mark: second");
    const third = { release: { ...first.release, id: "shop-000000000000" } };
    await deploy(third, lists as unknown as Lists);
    const { lists: found } = await ask(first);
    expect(found[0]?.["dev-1"]).toEqual({ ...first.lists["dev-1"], by: "ledger" });
  });
});

describe("a release whose code is in the clone", () => {
  it("is the same bytes from the ledger as from its commit", async () => {
    project.forget();
    const env = { [TOKEN_VARIABLE]: world.server.token };
    const published = await project.render({ releases: [second.release], env });
    const rendered = await project.render({ releases: [second.release], env: { [TOKEN_VARIABLE]: "wrong" } });
    expect(published.lists[0]?.["dev-1"]?.by).toBe("ledger");
    expect(rendered.lists[0]?.["dev-1"]).toEqual({ ...published.lists[0]?.["dev-1"], by: "commit" });
  });

  it("is rendered by it with other settings, which count for it too", async () => {
    const env = { [TOKEN_VARIABLE]: world.server.token };
    const { lists } = await project.render({ releases: [second.release], settings: { replicas: 7 }, env });
    const { by, objects, contentHash } = lists[0]!["dev-1"]!;
    expect(by).toBe("commit");
    expect(objects.find(({ kind }) => kind === "Deployment")?.spec).toMatchObject({ replicas: 7 });
    expect(contentHash).not.toBe(second.lists["dev-1"]?.contentHash);
  });

  it("is rendered by it when the ledger's server is gone, which is said", async () => {
    await stopGitServer(world.dir);
    project.forget();
    const env = { [TOKEN_VARIABLE]: world.server.token };
    const { lists, said } = await project.render({ releases: [second.release], env });
    expect(lists[0]?.["dev-1"]).toEqual({ ...second.lists["dev-1"], by: "commit" });
    expect(said).toMatch(/Reading deploy\/shop\/dev of http.*: .*(connect|reach)/);
  });
});
