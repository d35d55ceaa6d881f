import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { helmTemplate, kustomize, originOf, yamlFiles } from "../../../components/manifests";
import type { Manifest, ManifestEntry } from "../../../components/manifests";
import { Mistake } from "../../../components/mistake";
import { definePipeline, pipelineSources, render } from "../../../components/pipeline";
import type { PipelineArgs, PipelineDefinition } from "../../../components/pipeline";
import { hashSources, manifestsOf } from "../../../components/pipeline/manifests";
import { IMAGE, example, release } from "./example";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "delivery-sources-"));
  write("infra/pipeline.ts", "1");
});
afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

const map = (name: string, value = "1"): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\ndata: { key: "${value}" }\n`;
const pipelineOf = (
  manifests: (context: { environment: string; config: Readonly<Record<string, unknown>> }) => ManifestEntry[],
  more: Partial<PipelineArgs> = {},
): PipelineDefinition => definePipeline({ ...example, ...more, manifests } as PipelineArgs);
const target = { release, environment: "staging", cluster: "us", config: { replicas: 1 } };

describe("the sources of a pipeline", () => {
  it("are its code and every file that its manifests are read from, in any environment", () => {
    for (const path of ["deploy/a.yaml", "charts/worker/Chart.yaml", "more.yaml"]) write(path, map("a"));
    write("k/base/kustomization.yaml", "resources: []");
    for (const environment of ["dev", "staging", "prod"]) {
      write(`k/${environment}/kustomization.yaml`, "resources: [../base]");
    }
    const pipeline = pipelineOf(({ environment }) => [
      ...yamlFiles("deploy/*.yaml"),
      ...kustomize(`./k/${environment}`),
      ...helmTemplate({ chart: "./charts/worker", valueFiles: ["more.yaml"] }),
    ]);
    expect(new Set(pipelineSources(pipeline, root))).toEqual(
      new Set([
        "infra/**",
        "deploy/*.yaml",
        ...["base", "dev", "staging", "prod"].map((name) => `k/${name}/**`),
        "charts/worker/**",
        "more.yaml",
      ]),
    );
  });

  it("are others when the chart alone changes: that is a release of its own", () => {
    write("charts/worker/Chart.yaml", "name: worker");
    const pipeline = pipelineOf(() => helmTemplate({ chart: "charts/worker" }));
    const before = hashSources(pipeline, root);
    expect(hashSources(pipeline, root)).toBe(before);
    write("charts/worker/templates/a.yaml", map("a"));
    expect(hashSources(pipeline, root)).not.toBe(before);
  });

  it("are those of infra alone when nothing is read, so the hash is as it was", () => {
    expect(pipelineSources(definePipeline(example), root)).toEqual(["infra/**"]);
  });

  it("cannot be told when manifests fails, which says for what", () => {
    const pipeline = pipelineOf(({ environment }) => {
      throw new Error(`no ${environment}`);
    });
    expect(() => pipelineSources(pipeline, root)).toThrow(Mistake);
    expect(() => pipelineSources(pipeline, root)).toThrow("manifests for dev, cluster dev failed: no dev");
  });
});

describe("a pipeline with files among its manifests", () => {
  const pod = (image: string): string =>
    `apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec: { containers: [{ name: a, image: "${image}" }] }\n`;
  const imageOf = (image: string): unknown => {
    write("a.yaml", pod(image));
    const [made] = manifestsOf(
      pipelineOf(() => yamlFiles("a.yaml")),
      { ...target, root },
    );
    return (made?.["spec"] as { containers: { image: unknown }[] }).containers[0]?.image;
  };

  it.each([
    ["its name", "shop", IMAGE],
    ["its repository with a tag", "registry.example.com/acme/shop:1.2", IMAGE],
    ["its repository with another digest", `registry.example.com/acme/shop@sha256:${"b".repeat(64)}`, IMAGE],
    ["another repository of that last name", "other.example.com/shop:1", "other.example.com/shop:1"],
    ["a port and no tag", "127.0.0.1:5000/shop", "127.0.0.1:5000/shop"],
  ])("gives the release's image to a container that has %s", (_what, image, expected) => {
    expect(imageOf(image)).toBe(expected);
  });

  it("lays the environment's overlay over them, then the cluster's, then the pipeline's transform", () => {
    write("a.yaml", map("a"));
    const over = (text: string): object => ({
      kind: "ConfigMap",
      metadata: { name: "a" },
      data: { [text]: text },
    });
    const { environments, clusters } = example;
    const pipeline = pipelineOf(() => yamlFiles("a.yaml"), {
      environments: { ...environments, staging: { ...environments["staging"], overlay: [over("one")] } },
      clusters: { ...clusters, us: { context: "us-context", overlay: [over("two")] } },
      transform: {
        ConfigMap: (made: Manifest) => ({ ...made, metadata: { ...made.metadata, annotations: { a: "b" } } }),
      },
    } as never);
    const { objects } = render(pipeline, { ...target, root });
    expect(objects[0]?.["data"]).toEqual({ key: "1", one: "one", two: "two" });
    expect(objects[0]?.metadata.annotations).toEqual({ a: "b" });
    expect(originOf(objects[0]!)).toBe("a.yaml");
    const eu = render(pipeline, { ...target, cluster: "eu", root });
    expect(eu.objects[0]?.["data"]).toEqual({ key: "1", one: "one" });
  });

  it("takes lists apart, and names the file of what is wrong", () => {
    write(
      "a.yaml",
      "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: { name: a }\n  colour: red\n",
    );
    expect(() =>
      render(
        pipelineOf(() => yamlFiles("a.yaml")),
        { ...target, root },
      ),
    ).toThrow("ConfigMap a (a.yaml): colour is no field of ConfigMap");
  });

  it.each<[string, () => ManifestEntry[], string]>([
    [
      "a pattern that fits nothing",
      () => yamlFiles("b/*.yaml"),
      'yamlFiles("b/*.yaml"): "b/*.yaml" fits no file',
    ],
    ["a file outside of the root", () => yamlFiles("../*/a.yaml"), "leaves the root"],
    [
      "a link that leaves the root",
      () => yamlFiles("link.yaml"),
      "link.yaml is a link, or behind one, that leaves the root",
    ],
    ["what is no YAML", () => yamlFiles("bad.yaml"), "line 1"],
    ["what is no object", () => yamlFiles("list.yaml"), "a document without apiVersion, kind or metadata"],
    ["no kustomization", () => kustomize("infra"), "infra has none of kustomization.yaml"],
    ["an absolute path", () => kustomize("/etc"), "is no path below the root"],
    [
      "values known only later",
      () => helmTemplate({ chart: "infra", values: { a: Promise.resolve(1) } }),
      "values.a is known only later",
    ],
  ])("is refused with %s", (_what, entries, sentence) => {
    const outside = mkdtempSync(join(tmpdir(), "delivery-outside-"));
    writeFileSync(join(outside, "a.yaml"), map("canary"));
    symlinkSync(join(outside, "a.yaml"), join(root, "link.yaml"));
    write("bad.yaml", "a: [1");
    write("list.yaml", "- 1\n");
    try {
      expect(() => render(pipelineOf(entries), { ...target, root })).toThrow(sentence);
    } finally {
      rmSync(outside, { recursive: true });
    }
  });

  it("has the problems of all its files at once", () => {
    const pipeline = pipelineOf(() => [...yamlFiles("b.yaml"), ...kustomize("k"), ...yamlFiles("c.yaml")]);
    expect(() => render(pipeline, { ...target, root })).toThrow(/b\.yaml[^]*k is not there[^]*c\.yaml/);
  });
});
