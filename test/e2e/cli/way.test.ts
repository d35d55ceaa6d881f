import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { Release } from "../../../components/release";
import { callApi, createRepository } from "../../../sandbox/git/index.ts";
import { tryRun } from "../../../sandbox/processes/index.ts";
import { Namespace, TOO_MUCH_CPU } from "../../support/namespace";
import { Project } from "../../support/project";
import { sharedSandbox } from "../../support/sandbox";
import { Delivery } from "./delivery";

/** The command line as a user has it, compiled, on real clusters, a real ledger and the real engine. */
const sandbox = await sharedSandbox();
const project = new Project(sandbox);
const delivery = new Delivery(project, sandbox);
const APP = "way";
const IMAGE = `registry.example.com/acme/way@sha256:${"7".repeat(64)}`;

const { cloneUrl: ledger } = await createRepository(sandbox.git, "way-deploy", { private: true });
const { cloneUrl: origin } = await createRepository(sandbox.git, "way-source", { private: true });

/** @param brokenIn a cluster in which the release never becomes ready */
const pipeline = (greeting: string, brokenIn?: string): string => `
import { app, definePipeline, push } from "pulumi-delivery";
export const pipeline = definePipeline({
  app: "${APP}", ledger: { repository: "${ledger}" }, source: { paths: ["app/**"] }, images: {},
  clusters: { "eu-1": { context: "eu-1" }, "us-1": { context: "us-1" } },
  environments: { prod: { from: "build", delivery: push(), waves: [
    { name: "canary", clusters: ["eu-1"] }, { name: "rest", clusters: ["us-1"], timeout: "3s" } ] } },
  manifests: ({ cluster }) => app({
    name: "${APP}", image: "${IMAGE}", port: 8080, config: { GREETING: "${greeting}" },
    resources: { requests: { cpu: cluster === "${brokenIn}" ? "${TOO_MUCH_CPU}" : "10m", memory: "16Mi" } },
  }),
});
`;

/** A commit with these sources, and the release that the stack "build" makes of it. */
async function build(greeting: string, brokenIn?: string): Promise<Release> {
  project.write("infra/pipeline.ts", pipeline(greeting, brokenIn));
  await project.commit(`feat: ${greeting}`);
  return (JSON.parse(await delivery.succeed("up", "build", "--json")) as { release: Release }).release;
}

const file = (): Readonly<Record<string, unknown>> =>
  (parse(project.read("stacks/Pulumi.prod.yaml")) as { config: Record<string, unknown> }).config;

/** What a cluster itself says: its settings, and the release of its record. */
async function inCluster(cluster: string): Promise<readonly [greeting: unknown, release: unknown]> {
  const namespace = new Namespace(sandbox, cluster, APP);
  const { GREETING } = await namespace.configMap(`${APP}-config`);
  const { release } = await namespace.configMap(`${APP}-release`);
  return [GREETING, release];
}

interface Cell {
  readonly cluster: string;
  readonly release: string;
  readonly state: string;
  readonly pin?: string;
}

async function liveBoard(): Promise<readonly Cell[]> {
  const { rows } = JSON.parse(await delivery.succeed("board", "--live", "--json")) as {
    rows: { cells: Cell[] }[];
  };
  return rows[0]!.cells;
}

let [first, second] = [] as unknown as [Release, Release];
beforeAll(async () => {
  await delivery.begin(APP, ["build", "prod"]);
  await project.git("remote", "add", "origin", origin);
  first = await build("hello");
  await delivery.succeed("promote", "prod", "--up");
  await project.commit("chore: promote");
  second = await build("good day");
});
afterAll(async () => {
  await project.pulumi("destroy", "--yes", "--stack", "prod");
  project.remove();
});

/** In order: what one does, the next goes on from. */
describe("the command line on real parts", () => {
  it("promotes and delivers in one go, wave by wave, and the clusters say so", async () => {
    const { code, stderr, stdout } = await delivery.run("promote", "prod", "--up");
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^prod: .*updated/)]);
    const told = stderr.split("\n").map((line) => line.replace(/:.*/, ""));
    expect(told).toEqual(expect.arrayContaining(["✓ eu-1", "✓ us-1"]));
    expect(stderr).toMatch(/^ {2}gate "canary": cluster eu-1: passed /m);
    const waves = told.filter((line) => line.includes("wave"));
    expect(waves).toEqual(["✓ wave canary passed", "✓ wave rest passed"]);
    expect(await inCluster("eu-1")).toEqual(["good day", second.id]);
    expect(await inCluster("us-1")).toEqual(["good day", second.id]);
    await project.commit("chore: promote");
  });

  it("is in every preview of Pulumi itself: the way back, with its command", async () => {
    const words = ["preview", "--stack", "prod", "--non-interactive", "--color", "never"];
    const { code, stdout } = await tryRun("pulumi", words, { cwd: project.root, env: delivery.env });
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(
        `way back from ${second.id}: ${first.id}, which has succeeded here last at .* UTC: delivery rollback prod --up \\(eu-1, us-1\\)`,
      ),
    ]);
  });

  it("shows with --live that the clusters themselves say so", async () => {
    const verified = { state: "verified", release: second.id };
    expect(await liveBoard()).toMatchObject([
      { cluster: "eu-1", ...verified },
      { cluster: "us-1", ...verified },
    ]);
  });

  it("takes one cluster back and leaves the other", async () => {
    await delivery.succeed("rollback", "prod", "--cluster", "us-1", "--up");
    expect(await inCluster("us-1")).toEqual(["hello", first.id]);
    expect(await inCluster("eu-1")).toEqual(["good day", second.id]);
    expect((await liveBoard())[1]).toMatchObject({ release: first.id, pin: first.id });
    await delivery.succeed("hold", "prod", "--cluster", "us-1", "--lift");
  });

  it("takes the environment back, with the ledger's own bytes, and holds it", async () => {
    await delivery.succeed("rollback", "prod", "--reason", "INC-231", "--up");
    expect(await inCluster("eu-1")).toEqual(["hello", first.id]);
    expect(await inCluster("us-1")).toEqual(["hello", first.id]);
    expect(file()).toMatchObject({ "delivery:hold": { reason: "INC-231" } });
    await delivery.succeed("hold", "prod", "--lift");
    await project.commit("chore: roll back");
  });

  describe("after a wave that failed", () => {
    let bad: Release;
    const fail = async (how: string): Promise<string> => {
      const { code, stdout, stderr } = await delivery.run("up", "prod", "--on-failure", how);
      expect([code, stdout], stderr).toEqual([1, expect.stringContaining("us-1: not as wanted within 3 s")]);
      return stdout;
    };
    const all = async (): Promise<unknown[]> => Promise.all([inCluster("eu-1"), inCluster("us-1")]);
    beforeAll(async () => {
      bad = await build("bad day", "us-1");
      await delivery.succeed("promote", "prod");
      await project.commit("chore: promote");
    });

    it("brings back that wave alone, by pins and a hold, and the versions stay mixed until they are lifted", async () => {
      expect(await fail("revert-wave")).toContain(`prod: us-1 is back at ${first.id}, and held`);
      expect(await all()).toEqual([
        ["bad day", bad.id],
        ["hello", first.id],
      ]);
      expect(file()).toMatchObject({
        "delivery:release": { id: bad.id },
        "delivery:pins": { "us-1": { id: first.id } },
        "delivery:hold": { reason: `reverted: ${bad.id} failed` },
      });
      expect(await liveBoard()).toMatchObject([{ release: bad.id }, { release: first.id, pin: first.id }]);
      expect(await delivery.succeed("up", "prod")).toBe("prod: nothing had to change\n");
    });

    it("brings back all of it, and the mixed versions are one again", async () => {
      await delivery.succeed("hold", "prod", "--cluster", "us-1", "--lift");
      expect(await fail("revert-all")).toContain(`prod is back at ${first.id}, and held`);
      expect(await all()).toEqual([
        ["hello", first.id],
        ["hello", first.id],
      ]);
      expect(file()).toMatchObject({ "delivery:release": { id: first.id } });
      expect(await delivery.succeed("up", "prod")).toBe("prod: nothing had to change\n");
    });

    it("goes forward again with what mends it, once the hold is lifted", async () => {
      const mended = await build("better day");
      const held = await delivery.run("promote", "prod");
      expect([held.code, held.stdout]).toEqual([3, expect.stringContaining("lift the hold first")]);
      await delivery.succeed("hold", "prod", "--lift");
      await delivery.succeed("promote", "prod", "--up");
      expect(await all()).toEqual([
        ["better day", mended.id],
        ["better day", mended.id],
      ]);
    });

    it("goes back also to what was delivered and never committed: the engine remembers it", async () => {
      const [, [, mended]] = (await all()) as [unknown, [unknown, string]];
      project.write("infra/pipeline.ts", pipeline("best day"));
      await project.git("commit", "--quiet", "--message", "feat: best day", "infra");
      await delivery.succeed("up", "build");
      await delivery.succeed("promote", "prod", "--up");
      expect((await delivery.run("promote", "prod")).stdout).toContain(`way back  ${mended} · verified`);
      await delivery.succeed("rollback", "prod", "--up");
      expect(await all()).toEqual([
        ["better day", mended],
        ["better day", mended],
      ]);
      const unknown = await delivery.run("rollback", "prod", "--to", "way-000000000000");
      expect([unknown.code, unknown.stderr]).toEqual([
        2,
        expect.stringContaining("in no update of its stack"),
      ]);
      await delivery.succeed("hold", "prod", "--lift");
      await project.commit("chore: roll back");
    });
  });

  it("proposes a promotion as a pull request, and leaves the folder alone", async () => {
    await tryRun("git", ["push", "--quiet", "origin", "main"], { cwd: project.root, env: delivery.env });
    const before = project.read("stacks/Pulumi.prod.yaml");
    const { pullRequest } = JSON.parse(await delivery.succeed("promote", "prod", "--pr", "--json")) as {
      pullRequest: string;
    };
    expect(project.read("stacks/Pulumi.prod.yaml")).toBe(before);
    const number = pullRequest.split("/").at(-1);
    const at = `/repos/${sandbox.git.organization}/way-source/pulls/${number}`;
    const { body: pull } = await callApi<{ title: string; body: string; head: { ref: string } }>(
      ...([sandbox.git, "GET", at] as const),
    );
    expect(pull.title).toMatch(/^Promote way-[0-9a-f]{12} from build to prod$/);
    expect(pull.body).toContain("way back");
  });

  it("shows with --live where a cluster says something else than it was told", async () => {
    const { api } = new Namespace(sandbox, "us-1", APP);
    const record = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { namespace: APP, name: `${APP}-release` },
    };
    const told = (await api.get(record))!;
    await api.apply({ ...record, data: { ...(told.data as object), release: "way-000000000000" } } as never);
    const [eu, us] = await liveBoard();
    expect(us).toMatchObject({ state: "differs", release: eu!.release });
  });
});
