import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Release } from "../../../components/release";
import { createRepository } from "../../../sandbox/git/index.ts";
import { Namespace, TOO_MUCH_CPU } from "../../support/namespace";
import { Project } from "../../support/project";
import { sharedSandbox } from "../../support/sandbox";
import { Delivery } from "./delivery";

const sandbox = await sharedSandbox();
const project = new Project(sandbox);
const delivery = new Delivery(project, sandbox);
const APP = "halves";
const IMAGE = `registry.example.com/acme/halves@sha256:${"8".repeat(64)}`;
const { cloneUrl: ledger } = await createRepository(sandbox.git, "halves-deploy", { private: true });

/** Dev is well with all of them; prod's canary has no room for a broken one. */
const pipeline = (greeting: string, isBroken: boolean): string => `
import { app, definePipeline, push } from "pulumi-delivery";
export const pipeline = definePipeline({
  app: "${APP}", ledger: { repository: "${ledger}" }, source: { paths: ["app/**"] }, images: {},
  clusters: { "dev-1": { context: "dev-1" }, "eu-1": { context: "eu-1" }, "us-1": { context: "us-1" } },
  environments: {
    dev: { from: "build", delivery: push(), clusters: ["dev-1"] },
    prod: { from: "dev", delivery: push(), waves: [
      { name: "canary", clusters: ["eu-1"], timeout: "3s" }, { name: "rest", clusters: ["us-1"] } ] },
  },
  manifests: ({ cluster }) => app({
    name: "${APP}", image: "${IMAGE}", port: 8080, config: { GREETING: "${greeting}" },
    resources: { requests: { cpu: ${isBroken} && cluster === "eu-1" ? "${TOO_MUCH_CPU}" : "10m", memory: "16Mi" } },
  }),
});
`;

/** A release that dev runs and that is verified there. */
async function throughDev(greeting: string, isBroken: boolean): Promise<Release> {
  project.write("infra/pipeline.ts", pipeline(greeting, isBroken));
  await project.commit(`feat: ${greeting}`);
  const { release } = JSON.parse(await delivery.succeed("up", "build", "--json")) as { release: Release };
  await delivery.succeed("promote", "dev", "--up");
  await project.commit("chore: promote to dev");
  return release;
}

/** What the records of prod's clusters name. */
async function running(): Promise<unknown[]> {
  const records = ["eu-1", "us-1"].map((cluster) =>
    new Namespace(sandbox, cluster, APP).configMap(`${APP}-release`),
  );
  return (await Promise.all(records)).map(({ release }) => release);
}

let releases: Release[];
beforeAll(async () => {
  await delivery.begin(APP, ["build", "dev", "prod"]);
  const good = await throughDev("one", false);
  await delivery.succeed("promote", "prod", "--up");
  await project.commit("chore: promote to prod");
  releases = [good, await throughDev("two", false)];
  for (const greeting of ["three", "four"]) releases.push(await throughDev(greeting, true));
});
afterAll(async () => {
  for (const stack of ["prod", "dev"]) await project.pulumi("destroy", "--yes", "--stack", stack);
  project.remove();
});

describe("delivery bisect on real clusters", () => {
  it("finds in halves the release that broke the canary, with its commits, and leaves all as it was", async () => {
    const [good, two, three, four] = releases as [Release, Release, Release, Release];
    const found = JSON.parse(await delivery.succeed("bisect", "prod", "--bad", four.id, "--json")) as object;
    expect(found).toMatchObject({
      ...{ bad: three.id, before: two.id, cluster: "eu-1", isBack: true, suspects: [] },
      tried: [
        { release: two.id, outcome: "good" },
        { release: three.id, outcome: "bad" },
      ],
    });
    expect(await running()).toEqual([good.id, good.id]);
    expect(await project.git("status", "--porcelain", "--", "stacks")).toBe("");
  });
});
