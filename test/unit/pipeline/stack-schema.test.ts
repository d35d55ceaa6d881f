import { readFileSync } from "node:fs";
import Ajv from "ajv";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { stackSchema, stackSettings } from "../../../components/pipeline";
import { makeRelease } from "../../../components/release";
import { SCHEMA_LINE } from "../../../cli/init/files";
import { pipeline } from "../../../infra/pipeline";

const schema = stackSchema({
  app: "shop",
  images: { shop: {}, worker: {} },
  config: { replicas: 1, greeting: "hi" },
  clusters: { "eu-1": {}, "us-1": {} },
});
const accepts = new Ajv({ schemaId: "auto" }).compile(schema);
const acceptsAny = new Ajv({ schemaId: "auto" }).compile(stackSchema());

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

  const whole = {
    "delivery:release": release,
    "delivery:config": { replicas: 2 },
    "delivery:hold": { reason: "incident 12", until: "2026-12-01" },
    "delivery:override": { release: release.id, reason: "it heals" },
    "delivery:pins": { "us-1": release },
    "delivery:retired": { "eu-1": "delete", "us-1": "orphan" },
    "delivery:rebuilt": ["us-1"],
    "delivery:adopt": true,
    "delivery:allow": ["removals", "foreign", "rewrite"],
    "delivery:registry": "127.0.0.1:5000",
    "delivery:ledger": "https://git.example.com/acme/deploy.git",
  };

  it("has every block that the program reads, and takes it", () => {
    const read: string[] = [];
    const note = (key: string): undefined => void read.push(`delivery:${key}`);
    stackSettings({ get: note, getObject: note });
    expect(read.sort()).toEqual(Object.keys(whole).sort());
    for (const made of [schema, stackSchema()]) {
      expect(made).toMatchObject({ properties: { config: { properties: expect.any(Object) } } });
      const { properties } = (made["properties"] as { config: { properties: object } }).config;
      expect(Object.keys(properties).sort()).toEqual(read);
    }
    expect([accepts({ config: whole }), acceptsAny({ config: whole })]).toEqual([true, true]);
  });

  it.each<[string, object]>([
    ["a hold without a reason", { hold: { until: "2026-12-01" } }],
    ["a hold until some day", { hold: { reason: "x", until: "Tuesday" } }],
    ["a hold with a field of its own", { hold: { reason: "x", who: "me" } }],
    ["an override that is only a reason", { override: "it heals" }],
    ["a pin that is only an id", { pins: { "us-1": release.id } }],
    ["a cluster that is given up in a third way", { retired: { "us-1": "keep" } }],
    ["clusters that were built anew by name", { rebuilt: { "us-1": true } }],
    ["an adoption of one kind", { adopt: "ConfigMap" }],
    ["a consent that there is not", { allow: ["everything"] }],
    ["a consent that is no list", { allow: "removals" }],
    ["a registry that is a number", { registry: 5000 }],
    ["an empty ledger", { ledger: "" }],
    ["a release of a number", { release: 7 }],
    ["a setting in a list", { config: { zones: ["a"] } }],
  ])("refuses %s, also without knowing the pipeline", (_what, change) => {
    const blocks = Object.entries(change).map(([key, value]) => [`delivery:${key}`, value] as const);
    const config = { ...whole, ...Object.fromEntries(blocks) };
    expect([accepts({ config }), acceptsAny({ config })]).toEqual([false, false]);
  });

  it.each<[string, object]>([
    ["pins", { "delivery:pins": { "ap-1": release } }],
    ["retired", { "delivery:retired": { "ap-1": "delete" } }],
    ["rebuilt", { "delivery:rebuilt": ["ap-1"] }],
  ])(
    "refuses a cluster in %s that the pipeline does not have, where it knows the pipeline",
    (_key, change) => {
      const config = { ...whole, ...change };
      expect([accepts({ config }), acceptsAny({ config })]).toEqual([false, true]);
    },
  );

  it("takes whatever settings and images there are, where it does not know the pipeline", () => {
    const other = makeRelease("cart", { ...release, images: { cart: `r/cart@${digest}` } });
    expect(acceptsAny(file(other, { colour: "red", isLoud: true, volume: 11 }))).toBe(true);
  });

  it("of the reference pipeline is the one that its stacks' files name", () => {
    expect(kept("schemas/shop.schema.json")).toEqual(stackSchema(pipeline));
    for (const stack of ["build", "dev", "staging", "prod"]) {
      const [line] = readFileSync(`stacks/Pulumi.${stack}.yaml`, "utf8").split("\n");
      expect(line).toBe("# yaml-language-server: $schema=../schemas/shop.schema.json");
    }
  });

  it("of every pipeline is in the package, where the files of a new project look for it", () => {
    expect(kept("schemas/stack.schema.json")).toEqual(stackSchema());
    const { name, files, exports } = kept("package.json") as Package;
    const path = /\$schema=\.\.\/node_modules\/(.+)$/.exec(SCHEMA_LINE)?.[1];
    expect(path).toBe(`${name}/schemas/stack.schema.json`);
    expect(files).toContain("schemas/stack.schema.json");
    expect(exports["./stack.schema.json"]).toBe("./schemas/stack.schema.json");
  });
});

interface Package {
  readonly name: string;
  readonly files: readonly string[];
  readonly exports: Readonly<Record<string, unknown>>;
}

const kept = (path: string): unknown => JSON.parse(readFileSync(path, "utf8"));
