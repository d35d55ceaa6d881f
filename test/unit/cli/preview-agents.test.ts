import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Repository } from "../pending/repository";
import { delivery } from "./run";

/** A pipeline with one environment whose agents the stack `agents` tells where to read. */
const pipeline = (kinds: readonly string[], more = ""): string => `
  const kinds = ${JSON.stringify(kinds)}.map((kind) => ({ apiVersion: "apps/v1", kind }));
  export const pipeline = {
    app: "shop", source: { paths: ["app/**"], pipeline: ["infra/**"] }, images: {}, clusters: {}, config: {},
    environments: { prod: { from: "build", namespace: "shop", guards: [], waves: [{ name: "all", clusters: ["eu-1"] }],
      delivery: { mode: "flux", sources: "agents", kinds, ${more} } } },
    manifests: () => [],
  };`;

const repository = new Repository();
let base = "";
beforeAll(() => {
  repository.write("Pulumi.yaml", "name: shop\nruntime: nodejs\nstackConfigDir: stacks\n");
  repository.write("stacks/Pulumi.prod.yaml", "config: {}\n");
  base = repository.commit("infra/pipeline.ts", pipeline(["Deployment", "DaemonSet"]));
});
afterAll(() => repository.remove());

interface Agents {
  readonly told: unknown;
  readonly problem?: string;
}
/** The line about agents, and what a program reads. */
async function preview(against = base): Promise<readonly [line: string | undefined, agents: Agents | null]> {
  const run = (...words: string[]) =>
    delivery(["preview", "--base", against, ...words], {
      cwd: repository.root,
      env: { PATH: "/usr/bin:/bin" },
    });
  const [text, json] = [await run(), await run("--json")];
  expect([text.code, json.code, text.stderr]).toEqual([0, 0, ""]);
  const { agents } = JSON.parse(json.stdout) as { agents: Agents | null };
  return [text.stdout.split("\n").find((line) => line.startsWith("agents in ")), agents];
}

describe("a preview of what agents are told", () => {
  it("says nothing when the pipeline says the same, whatever else has changed", async () => {
    repository.commit("infra/other.ts", "export const other = 1;\n");
    expect(await preview()).toEqual([undefined, null]);
  });

  it("says which kinds the account may change from now on, and no more, with what to run in which order", async () => {
    repository.commit("infra/pipeline.ts", pipeline(["Deployment", "StatefulSet"]));
    const [line, agents] = await preview();
    expect(line).toBe(
      'agents in eu-1: prod may change apps/v1 StatefulSet, too, may change apps/v1 DaemonSet no more; run "delivery up agents" ' +
        "before the environments, and prod before that where it still runs such a kind",
    );
    const change = { environment: "prod", added: ["apps/v1 StatefulSet"], removed: ["apps/v1 DaemonSet"] };
    expect(agents).toMatchObject({ isOther: false, told: [{ ...change, settings: [] }] });
  });

  it("names other settings of theirs, and none that only the environment's own stack has", async () => {
    repository.commit(
      "infra/pipeline.ts",
      pipeline(["Deployment", "DaemonSet"], 'interval: "10s", teardown: "delete"'),
    );
    expect((await preview())[0]).toBe(
      'agents in eu-1: prod has other settings (interval); run "delivery up agents" before the environments',
    );
  });

  it("takes all of it for new where there was no pipeline", async () => {
    const empty = repository.git("commit-tree", "-m", "empty", repository.git("mktree", "--missing"));
    repository.git("update-ref", "refs/heads/empty", empty);
    const joined = repository.git("commit-tree", "-m", "joined", "-p", empty, "HEAD^{tree}");
    repository.git("reset", "--quiet", "--hard", joined);
    const [line] = await preview(empty);
    expect(line).toContain("may change apps/v1 DaemonSet, apps/v1 Deployment, v1 ConfigMap, too");
    expect(line).toContain("has other settings (clusters, interval, namespace, sources)");
  });

  it("says why where the pipeline of before cannot be loaded, and previews the rest", async () => {
    const broken = repository.commit("infra/pipeline.ts", "throw new Error('no cluster file');");
    repository.commit("infra/pipeline.ts", pipeline(["Deployment"]));
    const [line] = await preview(broken);
    expect(line).toMatch(/what they are told could not be compared: .*no cluster file/);
  });

  it("tells of the file of the stack, too, which need not be there where others install the agents", async () => {
    const before = repository.head();
    repository.commit("stacks/Pulumi.agents.yaml", "config: { delivery:agents: { version: 2.9.4 } }");
    expect((await preview(before))[0]).toContain("agents in eu-1: none → 2.9.4; run");
  });

  it("leaves no checkout behind", () => {
    expect(repository.git("worktree", "list").split("\n")).toHaveLength(1);
  });
});
