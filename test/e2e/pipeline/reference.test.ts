import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ledgerBranch, readLedger } from "../../../components";
import type { Ledger } from "../../../components";
import { openKubeconfig } from "../../../sandbox/clusters/index.ts";
import { createRepository } from "../../../sandbox/git/index.ts";
import { run } from "../../../sandbox/processes/index.ts";
import { delivery, promote } from "../../../scripts/pipeline/delivery.ts";
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

/** What the command line needs of the environment. */
async function within<T>(work: () => Promise<T>): Promise<T> {
  const before = { ...process.env };
  Object.assign(process.env, project.env);
  try {
    return await work();
  } finally {
    process.env = before;
  }
}

const promoteTo = async (environment: string): Promise<Release> =>
  (await within(() => promote(project.root, environment))).release;

const { cloneUrl: repository } = await createRepository(sandbox.git, "reference-deploy", { private: true });

/** What an environment's clusters were told, without the marks that it succeeded; there is nothing to close. */
async function ledgerOf(environment: string): Promise<Omit<Ledger, "at" | "close" | "folder">> {
  const branch = ledgerBranch("shop", environment);
  const ledger = await readLedger(
    { repository, branch },
    { environment: { ...process.env, ...project.env } },
  );
  ledger.close();
  return { ...ledger, history: ledger.history.filter(({ clusters }) => clusters.length > 0) };
}

/** The files of a render that was written to a folder, cluster by cluster. */
function written(dir: string, cluster: string): Record<string, string> {
  const folder = join(dir, "clusters", cluster);
  const names = readdirSync(folder);
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}

beforeAll(async () => {
  for (const part of ["Pulumi.yaml", "tsconfig.base.json", "infra", "stacks", "examples/shop"])
    project.copy(part);
  await compile();
  await project.git("init", "--quiet", "--initial-branch=main");
  for (const stack of ["staging", "dev", "build"]) await project.pulumi("stack", "init", stack);
  await project.pulumi("config", "set", "delivery:registry", sandbox.registry.address, "--stack", "build");
  await project.pulumi("config", "set", "delivery:builder", sandbox.builder, "--stack", "build");
  for (const stack of ["staging", "dev"])
    await project.pulumi("config", "set", "delivery:ledger", repository, "--stack", stack);
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

  it("records every wave as one commit of the ledger, with the bytes that a render writes to a folder", async () => {
    const { id } = await release();
    const [dev, staging] = [await ledgerOf("dev"), await ledgerOf("staging")];
    expect(dev.history.map(({ clusters, release: of }) => [clusters, of])).toEqual([[["dev-1"], id]]);
    expect(staging.history.map(({ clusters, release: of }) => [clusters, of])).toEqual([
      [["us-1"], id],
      [["eu-1"], id],
    ]);
    const out = join(project.root, "state", "render");
    await within(() => delivery(project.root, "render", "staging", "--out", out));
    for (const cluster of ["eu-1", "us-1"]) {
      expect(written(out, cluster)).toEqual(Object.fromEntries(staging.clusters.get(cluster) ?? []));
    }
  });

  it("changes nothing when nothing has changed", async () => {
    expect([await project.up("build"), await project.up("dev"), await project.up("staging")]).toEqual([
      {},
      {},
      {},
    ]);
    expect((await ledgerOf("staging")).history).toHaveLength(2);
  });

  it("makes no new release of a commit that touches neither the application nor the pipeline", async () => {
    const before = await release();
    project.write("docs/notes.md", "notes");
    await project.commit("docs: notes");
    expect(await project.up("build")).toEqual({});
    expect(await release()).toEqual(before);
  });

  it("ships exactly a change of the sources: a new image, the Deployment, the record, and the ledger's commit", async () => {
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
    expect(await project.up("dev")).toEqual({ updated: 5 });
    expect(await imageIn("dev-1")).toBe(after.images["shop"]);
    expect(await imageIn("eu-1")).toBe(before.images["shop"]);
  });

  it("ships a change of the manifests alone as a release of its own, with the same image", async () => {
    const before = await release();
    const source = project.read("infra/pipeline.ts");
    project.write("infra/pipeline.ts", source.replace("Welcome to the shop", "Welcome back"));
    await project.commit("feat: another greeting");
    expect(await project.up("build")).toEqual({});
    const after = await release();
    expect([after.id === before.id, after.images]).toEqual([false, before.images]);
    await promoteTo("dev");
    await project.up("dev");
    const { history } = await ledgerOf("dev");
    expect(history.map(({ release: of }) => of)).toEqual([after.id, before.id, expect.any(String)]);
    expect(await project.up("dev")).toEqual({});
  });

  it("goes back by the file alone: the bytes of that deployment, published as a commit of its own", async () => {
    const { images } = await release();
    await project.git("checkout", "--quiet", "HEAD", "--", "stacks");
    project.write("stacks/Pulumi.dev.yaml", project.read("stacks/Pulumi.staging.yaml"));
    const { history, clusters } = await ledgerOf("dev");
    expect(await project.up("dev")).toEqual({ updated: 6 });
    expect(await imageIn("dev-1")).not.toBe(images["shop"]);
    expect(await imageIn("dev-1")).toBe(await imageIn("eu-1"));
    const after = await ledgerOf("dev");
    expect(after.history).toHaveLength(history.length + 1);
    expect(after.history[0]?.release).toBe(after.history.at(-1)?.release);
    expect(after.clusters.get("dev-1")).not.toEqual(clusters.get("dev-1"));
  });
});
