import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openKubeconfig } from "../../../sandbox/clusters/index.ts";
import { run } from "../../../sandbox/processes/index.ts";
import { loadPipeline } from "../../../scripts/pipeline/load.ts";
import { promote } from "../../../scripts/pipeline/promote.ts";
import type { Release } from "../../../components/release";
import { Project } from "../../support/project";
import { sharedSandbox } from "../../support/sandbox";

const sandbox = await sharedSandbox();
const project = new Project(sandbox);

/** The image that the Deployment of a cluster runs. */
async function imageIn(cluster: string): Promise<string> {
  const { kubeconfig } = sandbox.clusters.find(({ name }) => name === cluster)!;
  const metadata = { namespace: "shop", name: "shop" };
  const found = await openKubeconfig(kubeconfig).get({ apiVersion: "apps/v1", kind: "Deployment", metadata });
  const spec = found?.spec as { template: { spec: { containers: { image: string }[] } } } | undefined;
  return spec?.template.spec.containers[0]?.image ?? "nothing";
}

async function compile(): Promise<void> {
  const args = ["build", "-trimpath", "-ldflags", "-s -w -buildid=", "-o", "build/shop", "."];
  const env = { ...process.env, CGO_ENABLED: "0", GOFLAGS: "-buildvcs=false" };
  await run("go", args, { cwd: join(project.root, "examples/shop"), env });
}

const release = async (): Promise<Release> => (await project.outputs<{ release: Release }>("build")).release;

/** In the outer environment, since that of a script is its own. */
async function promoteTo(environment: string): Promise<Release> {
  const before = { ...process.env };
  Object.assign(process.env, project.env);
  try {
    return (await promote(project.root, await loadPipeline(project.root), environment)).release;
  } finally {
    process.env = before;
  }
}

beforeAll(async () => {
  for (const part of ["Pulumi.yaml", "tsconfig.base.json", "infra", "stacks", "examples/shop"])
    project.copy(part);
  await compile();
  await project.git("init", "--quiet", "--initial-branch=main");
  for (const stack of ["staging", "dev", "build"]) await project.pulumi("stack", "init", stack);
  await project.pulumi("config", "set", "delivery:registry", sandbox.registry.address, "--stack", "build");
  await project.pulumi("config", "set", "delivery:builder", sandbox.builder, "--stack", "build");
  await project.commit("the sample application");
});
afterAll(async () => {
  for (const stack of ["staging", "dev", "build"]) await project.pulumi("destroy", "--yes", "--stack", stack);
  project.remove();
});

describe("the reference pipeline", () => {
  it("builds the image once, and a second run finds it in the registry", async () => {
    expect(await project.up("build")).toMatchObject({ created: expect.any(Number) });
    expect(await project.up("build")).toEqual({});
  });

  it("brings the release to dev, and to no other cluster", async () => {
    const built = await release();
    expect((await promoteTo("dev")).id).toBe(built.id);
    await project.up("dev");
    expect(await imageIn("dev-1")).toBe(built.images["shop"]);
    expect(await imageIn("eu-1")).toBe("nothing");
  });

  it("brings the same digests to every cluster of staging, without a build", async () => {
    await promoteTo("staging");
    await project.up("staging");
    const { images } = await release();
    expect([await imageIn("eu-1"), await imageIn("us-1")]).toEqual([images["shop"], images["shop"]]);
  });

  it("changes nothing when nothing has changed", async () => {
    expect([await project.up("build"), await project.up("dev"), await project.up("staging")]).toEqual([
      {},
      {},
      {},
    ]);
  });

  it("makes no new release of a commit that touches neither the application nor the pipeline", async () => {
    const before = await release();
    project.write("docs/notes.md", "notes");
    await project.commit("docs: notes");
    expect(await project.up("build")).toEqual({});
    expect(await release()).toEqual(before);
  });

  it("ships exactly a change of the sources: a new image, the Deployment and the record", async () => {
    const before = await release();
    const source = project.read("examples/shop/main.go");
    project.write("examples/shop/main.go", source.replace('version = "1.0.0"', 'version = "1.0.1"'));
    await compile();
    const commit = await project.commit("feat: another version");
    await project.up("build");
    const after = await release();
    expect(after.id).not.toBe(before.id);
    expect(after.commit).toBe(commit);
    await promoteTo("dev");
    expect(await project.up("dev")).toEqual({ updated: 3 });
    expect(await imageIn("dev-1")).toBe(after.images["shop"]);
    expect(await imageIn("eu-1")).toBe(before.images["shop"]);
  });

  it("goes back by the file alone, with the image that is still in the registry", async () => {
    const { images } = await release();
    await project.git("checkout", "--quiet", "HEAD", "--", "stacks");
    project.write("stacks/Pulumi.dev.yaml", project.read("stacks/Pulumi.staging.yaml"));
    expect(await project.up("dev")).toEqual({ updated: 3 });
    expect(await imageIn("dev-1")).not.toBe(images["shop"]);
    expect(await imageIn("dev-1")).toBe(await imageIn("eu-1"));
  });
});
