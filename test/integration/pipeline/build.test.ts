import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as pulumi from "@pulumi/pulumi";
import { prebuilt } from "../../../components/image";
import type { Builder } from "../../../components/image";
import { Mistake } from "../../../components/mistake";
import { definePipeline, Pipeline } from "../../../components/pipeline";
import type { PipelineArgs } from "../../../components/pipeline";
import { withRegistry } from "../../../components/pipeline/registry";
import { releaseId } from "../../../components/release";
import type { Release } from "../../../components/release";
import { hashFiles } from "../../../components/source";
import { observe } from "../../support/observe";
import type { World } from "../../support/observe";
import { example } from "../../unit/pipeline/example";
import { createProject, serveOneImage } from "./project";
import type { OneImage, Project } from "./project";

let project: Project;
let registry: OneImage;
beforeEach(async () => {
  project = createProject();
  registry = await serveOneImage();
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  project.remove();
  await registry.close();
});

const spec = example.images["shop"]!;

async function build(
  change: Partial<PipelineArgs> = {},
  builder: Builder = prebuilt({ digest: registry.digest }),
): Promise<{ world: World; release: Release; record: unknown }> {
  const { root } = project;
  const made: { release?: Release; record?: unknown } = {};
  const world = await observe(() => {
    const pipeline = definePipeline({ ...example, ...change });
    const args = { pipeline, stack: "build", root, registry: registry.host, builder };
    const { release, record } = new Pipeline("shop", args);
    release.apply((value) => (made.release = value));
    record.apply((value) => (made.record = value));
  });
  if (made.release === undefined) throw new Error("no release was made");
  return { world, release: made.release, record: made.record };
}

describe("the stack build", () => {
  it("makes a release of the commit, the pipeline's sources and the images' digests", async () => {
    const commit = project.commit();
    const { release, record } = await build();
    const content = {
      commit,
      sources: hashFiles(project.root, ["infra/**"]),
      images: { shop: `${registry.host}/acme/shop@${registry.digest}` },
    };
    expect(release).toEqual({ id: releaseId("shop", content), ...content });
    expect(record).toEqual({});
  });

  it("carries the range of schemas that the code works with", async () => {
    project.commit();
    const schema = { revision: 42, minCompatible: 40 };
    const { release } = await build({ schema });
    expect(release.schema).toEqual(schema);
    expect(release.id).toBe(releaseId("shop", release));
  });

  it("declares its images and touches no cluster", async () => {
    project.commit();
    const { world } = await build();
    expect(world.map(({ type, name }) => `${type} ${name}`)).toEqual([
      "delivery:pipeline:Pipeline shop",
      "delivery:image:Image shop/shop",
    ]);
    for (const { inputs } of world) expect(inputs).toEqual({});
  });

  it("gives the builder secrets of a build and its registry's password as secrets, and no resource or release has one", async () => {
    project.commit();
    const given: pulumi.Input<string>[] = [];
    const builder: Builder = {
      ...prebuilt({ digest: registry.digest }),
      create: (_name, { secrets, login }) => {
        given.push(secrets["npm"]!, login!.password);
        return pulumi.output(registry.digest);
      },
    };
    vi.stubEnv("NPM_TOKEN", "canary-of-npm");
    vi.stubEnv("REGISTRY_PASSWORD", "canary-of-registry");
    const login = { username: "ci", password: { variable: "REGISTRY_PASSWORD" } };
    const images = { shop: { ...spec, secrets: { npm: { variable: "NPM_TOKEN" } }, registry: login } };
    const { world, release } = await build({ images }, builder);
    const values = given.map((value) => pulumi.output(value));
    expect(await Promise.all(values.map((value) => pulumi.isSecret(value)))).toEqual([true, true]);
    expect(await new Promise((done) => pulumi.all(values).apply(done))).toEqual([
      "canary-of-npm",
      "canary-of-registry",
    ]);
    expect(JSON.stringify([world, release])).not.toContain("canary");
  });

  it("misses secrets by their places, all at once, before anything is declared", async () => {
    project.commit();
    const secrets = { npm: { variable: "NO_NPM_TOKEN" } };
    const login = { username: "ci", password: { config: "delivery:registryPassword" } };
    const problem = build({ images: { shop: { ...spec, secrets, registry: login } } });
    await expect(problem).rejects.toThrow("images.shop.secrets.npm: there is no secret in the environment");
    await expect(problem).rejects.toThrow(
      "images.shop.registry.password: the stack has no secret delivery:registryPassword; set it with: pulumi config set --secret delivery:registryPassword",
    );
    const place = { images: { shop: { ...spec, secrets: { npm: "canary" as never } } } };
    await expect(build(place)).rejects.toThrow("images.shop.secrets.npm must be one of");
  });

  it("makes the same release after a change of the documentation alone", async () => {
    project.commit();
    const before = (await build()).release;
    project.write("docs/readme.md", "more\n");
    project.commit();
    expect((await build()).release).toEqual(before);
  });

  it("makes another release after a change of the pipeline alone", async () => {
    project.commit();
    const before = (await build()).release;
    project.write("infra/pipeline.ts", "export const pipeline = 2;\n");
    const commit = project.commit();
    const { release } = await build();
    expect(release.images).toEqual(before.images);
    expect(release.id).not.toBe(before.id);
    expect(release.commit).toBe(commit);
  });

  it("warns of files that are not committed, names the first ones and counts the rest", async () => {
    const warned = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    project.commit();
    await build();
    expect(warned).not.toHaveBeenCalled();
    for (const name of ["a", "b", "c", "d", "e", "f", "g"]) project.write(`app/${name}`, "");
    await build();
    expect(warned.mock.calls.flat().join()).toMatch(
      /not committed are app\/a, app\/b, app\/c, app\/d, app\/e and 2 more\./,
    );
  });

  it("is refused without a commit that made the sources, before anything is declared", async () => {
    const attempt = build().catch((error: unknown) => error);
    const error = await attempt;
    expect(error).toBeInstanceOf(Mistake);
    expect((error as Mistake).message).toContain("Looking for the release's commit");
  });

  it("is refused when a pattern of its sources fits no file", async () => {
    project.commit();
    const source = { paths: ["app/**"], pipeline: ["infra/**", "chart/**"] };
    await expect(build({ source })).rejects.toThrow(/"chart\/\*\*" fits no file there/);
  });
});

describe("an image's repository in another registry", () => {
  it.each([
    ["registry.example.com/acme/web", "127.0.0.1:5000/acme/web"],
    ["localhost/web", "127.0.0.1:5000/web"],
    ["host:5000/acme/web", "127.0.0.1:5000/acme/web"],
    ["acme/web", "127.0.0.1:5000/acme/web"],
    ["web", "127.0.0.1:5000/web"],
  ])("%s is %s", (repository, moved) => {
    expect(withRegistry(repository, "127.0.0.1:5000")).toBe(moved);
  });
});
