import * as pulumi from "@pulumi/pulumi";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { app } from "../../../components/manifests";
import type { Manifest } from "../../../components/manifests";
import { prebuilt } from "../../../components/image";
import { Mistake } from "../../../components/mistake";
import { definePipeline, Pipeline } from "../../../components/pipeline";
import type { PipelineComponentArgs } from "../../../components/pipeline";
import { makeRelease, renderList } from "../../../components/release";
import type { OlderRelease, Release, RenderedLists } from "../../../components/release";
import { renderOlderSync } from "../../../components/release/older/sync";
import { registrations } from "../../support/registrations";
import type { Registration } from "../../support/registrations";
import { example, IMAGE } from "../../unit/pipeline/example";
import { createProject, serveOneImage } from "../pipeline/project";
import type { Project } from "../pipeline/project";

/** In place of the process that renders: what it answers is set by each test, what it was asked is kept. */
vi.mock("../../../components/release/older/sync", () => ({ renderOlderSync: vi.fn() }));
const renderOlder = vi.mocked(renderOlderSync);

const ledger = {
  repository: "https://git.example.com/acme/deploy.git",
  access: { kind: "token", token: { config: "delivery:gitToken" } },
} as const;
const pipeline = definePipeline({ ...example, ledger });
/** It has an image that the pipeline no longer has. */
const release = makeRelease("shop", {
  commit: "1f".repeat(20),
  sources: "d".repeat(64),
  images: { gone: IMAGE },
});
const role: Manifest = {
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "ClusterRole",
  metadata: { name: "reader" },
  rules: [],
};

/** What the code of the release has made: in another namespace, and with a kind that needs leave. */
function listsFor({ clusters, release: made }: OlderRelease): RenderedLists {
  const placement = { app: "shop", namespace: "shop-then", clusterScope: ["ClusterRole"] };
  const manifests = [...app({ name: "old", image: IMAGE, port: 8080 }), role];
  const list = renderList(manifests, placement, made);
  return new Map(clusters.map((cluster) => [cluster, { ...list, by: "commit" }]));
}

let project: Project;
beforeEach(() => {
  project = createProject();
  vi.stubEnv("KUBECONFIG", project.kubeconfig);
  renderOlder.mockReset().mockImplementation(listsFor);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  project.remove();
});

const run = (args: Partial<PipelineComponentArgs> = {}): Promise<Registration[]> =>
  registrations(
    () => new Pipeline("shop", { pipeline, root: project.root, stack: "staging", release, ...args }),
  );

async function refused(
  args: Partial<PipelineComponentArgs> = {},
): Promise<{ message: string; types: string[] }> {
  let error: unknown;
  const world = await registrations(() => {
    try {
      return new Pipeline("shop", { pipeline, root: project.root, stack: "staging", release, ...args });
    } catch (thrown) {
      error = thrown;
    }
  });
  expect(pulumi.ResourceError.isInstance(error)).toBe(true);
  return { message: (error as Error).message, types: world.map(({ type }) => type) };
}

describe("a release that other code has made", () => {
  it("is delivered as that code rendered it, to the clusters and in the waves of today", async () => {
    const world = await run();
    const names = world.filter(({ type }) => type.startsWith("kubernetes:")).map(({ name }) => name);
    for (const cluster of ["eu", "us"]) {
      expect(names.filter((name) => name.startsWith(`shop/${cluster}/`)).sort()).toEqual([
        `shop/${cluster}/apps/Deployment/shop-then/old`,
        `shop/${cluster}/core/ConfigMap/shop-then/shop-release`,
        `shop/${cluster}/core/Namespace//shop-then`,
        `shop/${cluster}/core/Service/shop-then/old`,
        `shop/${cluster}/core/ServiceAccount/shop-then/old`,
        `shop/${cluster}/rbac.authorization.k8s.io/ClusterRole//reader`,
      ]);
    }
    const after = (name: string): readonly string[] =>
      world.find((one) => one.name === name)?.dependsOn ?? [];
    expect(after("shop/us/core/Namespace//shop-then")).toEqual(["shop/ledger/rest"]);
    expect(after("shop/ledger/rest")).toContain("shop/gate/canary");
  });

  it("has the record and the hash that its code has written", async () => {
    const world = await run();
    const [order] = renderOlder.mock.calls[0]!;
    const record = listsFor(order).get("eu")!.objects.at(-1)!;
    const made = world.find(({ name }) => name.endsWith("eu/core/ConfigMap/shop-then/shop-release"));
    expect(made?.inputs.data).toEqual(record.data);
  });

  it("is asked for once, for all clusters, with the environment's settings, ledger and secrets", async () => {
    const secret = (name: string): string => `value of ${name}`;
    await run({ config: { replicas: 3 }, secret });
    const branch = "deploy/shop/staging";
    expect(renderOlder.mock.calls).toEqual([
      [
        {
          root: project.root,
          app: "shop",
          release,
          environment: "staging",
          clusters: ["eu", "us"],
          namespace: "shop",
          settings: { replicas: 3 },
          ledger: { ...ledger, branch },
        },
        secret,
      ],
    ]);
  });

  it("that cannot be rendered is refused before anything is declared, with every reason and what to do", async () => {
    const reasons = [
      "commit 1f is not in this clone; get it with: git fetch origin 1f",
      "the ledger is gone",
    ];
    renderOlder.mockImplementation(() => {
      throw new Mistake("Rendering", reasons);
    });
    const { message, types } = await refused();
    for (const reason of reasons) expect(message).toContain(`- ${reason}`);
    expect(message).toContain(`release ${release.id} was made by other pipeline sources than these`);
    expect(message).toContain(`git checkout ${release.commit}`);
    expect(types).toEqual(["delivery:pipeline:Pipeline"]);
  });

  it("is refused all the same when its block was changed by hand", async () => {
    const changed: Release = { ...release, images: { gone: IMAGE.replace("a", "b") } };
    const cut: unknown = { ...release, images: { gone: "r/gone:1" } };
    expect((await refused({ release: { ...changed, sources: "e".repeat(64) } })).message).toContain(
      "changed by hand",
    );
    expect((await refused({ release: cut })).message).toContain("images.gone is");
    expect(renderOlder).not.toHaveBeenCalled();
  });
});

describe("the stack build in a shallow clone", () => {
  async function buildIn(root: string): Promise<string> {
    const warned = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const registry = await serveOneImage();
    const builder = prebuilt({ digest: registry.digest });
    await run({ stack: "build", root, registry: registry.host, builder });
    await registry.close();
    return warned.mock.calls.flat().join();
  }

  it("warns that the release may name a wrong commit, and says how to get the history", async () => {
    project.commit();
    project.write("docs/more.md", "more\n");
    const commit = project.commit();
    const shallow = join(project.root, "shallow");
    execFileSync("git", ["clone", "--quiet", "--depth=1", `file://${project.root}`, shallow]);
    const said = await buildIn(shallow);
    expect(said).toContain(`The release names commit ${commit}, the oldest one of this shallow clone`);
    expect(said).toContain("git fetch --unshallow");
    expect(said).toContain("fetch-depth: 0");
  });

  it("says nothing in a clone with its history", async () => {
    project.commit();
    expect(await buildIn(project.root)).toBe("");
  });
});

describe("a pipeline's ledger", () => {
  it("is refused where it has credentials in its address, together with all other problems", () => {
    const wrong = { repository: "https://user:canary-9f@git.example.com/deploy.git" };
    const attempt = (): unknown => definePipeline({ ...example, app: "Shop", ledger: wrong });
    expect(attempt).toThrow(/app is "Shop"[^]*ledger: /);
    expect(attempt).not.toThrow(/canary-9f/);
  });
});
