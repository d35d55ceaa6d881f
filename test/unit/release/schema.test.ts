import { readFileSync } from "node:fs";
import Ajv from "ajv";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { makeRelease, stackSchema } from "../../../components/release";
import { pipeline } from "../../../infra/pipeline";

const schema = stackSchema({
  app: "shop",
  images: { shop: {}, worker: {} },
  config: { replicas: 1, greeting: "hi" },
});
const accepts = new Ajv({ schemaId: "auto" }).compile(schema);

const digest = `sha256:${"a".repeat(64)}`;
const release = makeRelease("shop", {
  commit: "1f".repeat(20),
  sources: "b".repeat(64),
  images: { shop: `r.example.com:5000/acme/shop@${digest}`, worker: `r/worker@${digest}` },
  schema: { revision: 42, minCompatible: 40 },
});
const file = (block: unknown, config: unknown = { replicas: 2 }): object => {
  return { config: { "delivery:release": block, "delivery:config": config } };
};

describe("the schema of a stack's file", () => {
  it("takes a release that was made, and what else Pulumi keeps in such a file", () => {
    expect(accepts(file(release))).toBe(true);
    const others = {
      "delivery:registry": "127.0.0.1:5000",
      "aws:region": "eu-1",
      "shop:key": { secure: "v1:x" },
    };
    expect(accepts({ encryptionsalt: "v1:x", config: { ...others, "delivery:release": release } })).toBe(
      true,
    );
    expect(accepts({ config: {} })).toBe(true);
    expect(accepts({})).toBe(true);
  });

  it("takes an older release with other images than the pipeline has now", () => {
    const images = { gone: `r/gone@${digest}` };
    expect(accepts(file({ ...release, images }))).toBe(true);
  });

  it.each<[string, object]>([
    ["no id", { id: undefined }],
    ["the id of another application", { id: "cart-0123456789ab" }],
    ["a short commit", { commit: "1f1f1f1" }],
    ["a commit that YAML took for a number", { commit: parse("1234567e8") as unknown }],
    ["no sources", { sources: undefined }],
    ["sources in capitals", { sources: "B".repeat(64) }],
    ["no images", { images: undefined }],
    ["images in a list", { images: [] }],
    ["an image by tag", { images: { shop: "r/shop:1" } }],
    ["a digest that is cut", { images: { shop: "r/shop@sha256:12" } }],
    ["a schema of half numbers", { schema: { revision: 1.5, minCompatible: 1 } }],
    ["a schema below 0", { schema: { revision: 1, minCompatible: -1 } }],
    ["half a schema", { schema: { revision: 1 } }],
    ["a field of its own", { digest }],
  ])("refuses a release with %s", (_what, change) => {
    expect(accepts(file(JSON.parse(JSON.stringify({ ...release, ...change }))))).toBe(false);
  });

  it.each<[string, unknown]>([
    ["a setting that the pipeline does not have", { colour: "red" }],
    ["a text for a number", { replicas: "2" }],
    ["a list", [1]],
  ])("refuses settings with %s", (_what, config) => {
    expect(accepts(file(release, config))).toBe(false);
  });

  it("of the reference pipeline is the one that its stacks' files name", () => {
    const kept: unknown = JSON.parse(readFileSync("schemas/stack.schema.json", "utf8"));
    expect(kept).toEqual(stackSchema(pipeline));
  });
});
