import { describe, expect, it } from "vitest";
import { checkManifests } from "../../../components/manifests";
import type { Manifest } from "../../../components/manifests";
import {
  checkForGit,
  checkObjects,
  MAX_ANNOTATIONS_BYTES,
  MAX_DATA_BYTES,
  MAX_OBJECT_BYTES,
} from "../../../components/manifests/checks";
import { withOrigin } from "../../../components/manifests/origin";

const configMap = (data: unknown, metadata: object = {}): Manifest => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "a", ...metadata },
  data,
});
const secret = (fields: object): Manifest => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "s" },
  ...fields,
});

describe("sizes", () => {
  const text = (bytes: number): string => "é".repeat(Math.floor(bytes / 2)) + (bytes % 2 === 1 ? "x" : "");

  it.each([
    [
      "a ConfigMap's values",
      MAX_DATA_BYTES,
      (bytes: number) => configMap({ a: text(bytes - 7), b: text(7) }),
    ],
    [
      "a ConfigMap's bytes",
      MAX_DATA_BYTES,
      (bytes: number) => ({ ...configMap({}), binaryData: { a: Buffer.alloc(bytes).toString("base64") } }),
    ],
    [
      "a Secret's values",
      MAX_DATA_BYTES,
      (bytes: number) => secret({ data: { a: Buffer.alloc(bytes).toString("base64") } }),
    ],
    ["a Secret's texts", MAX_DATA_BYTES, (bytes: number) => secret({ stringData: { a: text(bytes) } })],
    [
      "annotations",
      MAX_ANNOTATIONS_BYTES,
      (bytes: number) => configMap({}, { annotations: { k: text(bytes - 1) } }),
    ],
  ])("of %s may be %i bytes, not one more", (_what, limit, make) => {
    expect(checkObjects([make(limit)])).toEqual([]);
    const problems = checkObjects([make(limit + 1)]);
    expect(problems).toEqual([expect.stringContaining(`have ${limit + 1} bytes; ${limit} is the most`)]);
  });

  it(`of an object may be ${MAX_OBJECT_BYTES} bytes, not one more`, () => {
    const widget = (size: number): Manifest => ({
      apiVersion: "example.com/v1",
      kind: "W",
      metadata: { name: "a" },
      spec: "x".repeat(size),
    });
    const frame = JSON.stringify(widget(0)).length;
    expect(checkObjects([widget(MAX_OBJECT_BYTES - frame)])).toEqual([]);
    expect(checkObjects([widget(MAX_OBJECT_BYTES - frame + 1)])).toEqual([
      `W a: the whole object has ${MAX_OBJECT_BYTES + 1} bytes; ${MAX_OBJECT_BYTES} is the most that a cluster takes, split it`,
    ]);
  });

  it("of a list may be 20,000 objects, not one more", () => {
    const [problem, ...others] = checkObjects(Array.from({ length: 20_001 }, () => configMap({})));
    expect(problem).toContain("20001 objects; 20000 is the most");
    expect(others).toEqual([]);
  });
});

describe("two objects that are one", () => {
  it("are named with both their origins", () => {
    const placement = { app: "shop", namespace: "shop", clusterScope: [] };
    const twins = [withOrigin(configMap({}), 'app("a")'), withOrigin(configMap({}), "deploy/a.yaml")];
    expect(checkManifests(twins, placement)).toEqual([
      'ConfigMap a is declared twice: app("a") and deploy/a.yaml; keep one, or give it another name',
    ]);
  });
});

describe("an object", () => {
  it("is named with its origin and its field", () => {
    const manifest = withOrigin(configMap({ a: 1 }), "deploy/web.yaml");
    expect(checkObjects([manifest])).toEqual([
      "ConfigMap a (deploy/web.yaml): data.a is a number; give text, in quotes",
    ]);
  });

  it.each(["../../x/v1", "/v1", "a//v1", "Apps/v1", "apps/v1/x", "v1\n"])(
    "has no apiVersion %j",
    (apiVersion) => {
      expect(checkObjects([{ ...configMap({}), apiVersion }])).toContainEqual(
        expect.stringMatching(/apiVersion is .*give \[group\/\]version/),
      );
    },
  );

  it.each(["Config Map", "../x", "a".repeat(64), "1A"])("has no kind %j", (kind) => {
    expect(checkObjects([{ ...configMap({}), apiVersion: "example.com/v1", kind }])).toEqual([
      expect.stringContaining("give letters and digits"),
    ]);
  });

  it("is nested 100 levels at most, in a circle never", () => {
    const circle: Record<string, unknown> = {};
    circle.a = circle;
    const widget: Manifest = {
      apiVersion: "example.com/v1",
      kind: "W",
      metadata: { name: "a" },
      spec: circle,
    };
    expect(checkObjects([widget, configMap({ a: 1 })])).toEqual([
      expect.stringContaining("is nested deeper than 100 levels"),
      expect.stringContaining("data.a is a number"),
    ]);
  });

  it("may have values that are known only later", () => {
    expect(checkObjects([configMap({ a: Promise.resolve("x") })])).toEqual([]);
  });
});

describe("an object on its way to Git", () => {
  it.each([
    [
      "values of a Secret",
      secret({ data: { password: "Y2FuYXJ5" }, stringData: { token: "canary" } }),
      ["data.password would stand in Git", "stringData.token would stand in Git"],
    ],
    [
      "one value that SOPS left in plain sight",
      secret({ sops: { version: "3.13" }, data: { a: "ENC[x]", b: "canary" } }),
      ["data.b would stand in Git"],
    ],
    ["a value known only later", configMap({ a: Promise.resolve("canary") }), ["data.a is known only later"]],
    ["a substitution", configMap({ a: "x ${canary} y" }), ['data.a has "${", which an agent may replace']],
  ])("is refused with %s, without showing them", (_what, manifest, words) => {
    const problems = checkForGit([manifest]);
    expect(problems).toEqual(words.map((word) => expect.stringContaining(word) as string));
    expect(problems.join()).not.toMatch(/canary|Y2Fu/);
  });

  it("passes when it is plain, or encrypted with SOPS, or has no values", () => {
    const sealed = secret({ sops: { version: "3.13" }, data: { a: "ENC[AES256_GCM,data:x]" } });
    expect(checkForGit([configMap({ a: "$NAME $(x) {}" }), sealed, secret({})])).toEqual([]);
    expect(checkObjects([sealed])).toEqual([]);
  });
});
