import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Manifest, Placement } from "../../../components/manifests";
import { app, placed } from "../../../components/manifests";
import { Mistake } from "../../../components/mistake";
import { contentHash, makeRelease, recordName, renderList, renderObjects } from "../../../components/release";

const placement: Placement = { app: "shop", namespace: "shop", clusterScope: [] };
const image = `r/web@sha256:${"a".repeat(64)}`;
const release = makeRelease("shop", {
  commit: "1".repeat(40),
  sources: "b".repeat(64),
  images: { web: image },
});
const manifests = app({ name: "web", image, port: 8080, config: { A: "1" } });

const configMap = (name: string, data: object): Manifest => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name },
  data,
});

describe("what a cluster is told to run", () => {
  it("ends with the record of the release, which kubectl alone can read", () => {
    const { objects, contentHash: hash } = renderList(manifests, placement, release);
    expect(objects.at(-1)).toEqual({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: {
        name: "shop-release",
        namespace: "shop",
        labels: {
          "app.kubernetes.io/part-of": "shop",
          "app.kubernetes.io/managed-by": "pulumi-delivery",
        },
      },
      data: { release: release.id, commit: release.commit, contentHash: hash, "image.web": image },
    });
    expect(recordName("shop")).toBe("shop-release");
  });

  it("is in the order of stages, and in each of group, kind, namespace and name, in any version", () => {
    const list = [...manifests, configMap("b", {}), configMap("a", {})];
    const { objects } = renderList(list, placement, release);
    expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
      ...["ConfigMap a", "ConfigMap b", "ConfigMap web-config", "ServiceAccount web"],
      ...["Deployment web", "Service web", "ConfigMap shop-release"],
    ]);
    expect(renderList(list.toReversed(), placement, release).objects).toEqual(objects);
  });

  it("is every object in its namespace, and nothing else", () => {
    const { objects } = renderList(manifests, placement, release);
    expect(objects).toHaveLength(manifests.length + 1);
    expect(objects.map(({ metadata }) => metadata.namespace)).toEqual(objects.map(() => "shop"));
  });

  it("has the same bytes each time", () => {
    const bytes = (): string => JSON.stringify(renderList(manifests, placement, release));
    expect(bytes()).toBe(bytes());
  });

  it("is refused with every problem of every object", () => {
    const list = [configMap("A", {}), configMap("b", {}), configMap("b", {})];
    expect(() => renderList(list, placement, release)).toThrow(Mistake);
    expect(() => renderList(list, placement, release)).toThrow(/Manifests of shop:\n.*"A"[^]*declared twice/);
  });

  it("is refused when it is empty", () => {
    expect(() => renderList([], placement, release)).toThrow(/an empty render would delete all that runs/);
  });

  it.each([
    ["an output", pulumi.output("eu")],
    ["a promise", Promise.resolve("eu")],
  ])("is refused when %s is in it: its bytes would not be known", (_what, late) => {
    const list = [configMap("a", { REGION: late })];
    expect(() => renderList(list, placement, release)).toThrow(
      /ConfigMap a: data\.REGION is known only later/,
    );
  });
});

describe("the content hash", () => {
  it("does not depend on the order of keys", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), (data) => {
        const turned = Object.fromEntries(Object.entries(data).reverse());
        expect(contentHash([configMap("a", turned)])).toBe(contentHash([configMap("a", data)]));
      }),
    );
  });

  it("changes when any value does", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        fc.pre(one !== other);
        expect(contentHash([configMap("a", { one })])).not.toBe(
          contentHash([configMap("a", { one: other })]),
        );
      }),
    );
  });

  it("leaves out the record: the same objects of another release have the same one", () => {
    const other = makeRelease("shop", { ...release, commit: "2".repeat(40), sources: "c".repeat(64) });
    const [one, two] = [release, other].map((each) => renderList(manifests, placement, each));
    expect(one?.contentHash).toBe(two?.contentHash);
    expect(one?.objects.at(-1)).not.toEqual(two?.objects.at(-1));
  });

  it("is that of the objects without the record", () => {
    const { objects, contentHash: hash } = renderList(manifests, placement, release);
    expect(hash).toBe(contentHash(renderObjects(manifests, placement)));
    expect(hash).toBe(contentHash(objects.slice(0, -1)));
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it("is made of these bytes, on any machine and in any version of the library", () => {
    const bytes =
      '[{"apiVersion":"v1","data":{"10":"x","9":"y"},"kind":"ConfigMap","metadata":{"labels":' +
      '{"app.kubernetes.io/managed-by":"pulumi-delivery","app.kubernetes.io/part-of":"shop"},' +
      '"name":"a","namespace":"shop"}}]';
    expect(contentHash([placed(configMap("a", { "9": "y", "10": "x" }), placement)])).toBe(
      createHash("sha256").update(bytes).digest("hex"),
    );
  });
});
