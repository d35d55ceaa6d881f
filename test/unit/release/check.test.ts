import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { checkRelease, makeRelease, readRelease } from "../../../components/release";

const shape = { app: "shop", images: ["api", "web"] };
const digest = `sha256:${"a".repeat(64)}`;
const good = makeRelease("shop", {
  commit: "1f".repeat(20),
  sources: "b".repeat(64),
  images: { api: `r/api@${digest}`, web: `r/web@${digest}` },
  schema: { revision: 42, minCompatible: 40 },
});
const FIELD = "Pulumi.dev.yaml: delivery:release";
const check = (block: unknown): string[] => checkRelease(FIELD, block, shape);

describe("a release block", () => {
  it("of a release that was made has no problem, and reads as that release", () => {
    expect(check(good)).toEqual([]);
    expect(readRelease(structuredClone(good))).toEqual(good);
  });

  it("may have a schema that is compatible with itself alone", () => {
    expect(check(makeRelease("shop", { ...good, schema: { revision: 42, minCompatible: 42 } }))).toEqual([]);
  });

  it("may have its fields in any order", () => {
    const images = { web: good.images.web, api: good.images.api };
    expect(
      check({ schema: good.schema, images, sources: good.sources, commit: good.commit, id: good.id }),
    ).toEqual([]);
  });

  it.each([null, "shop-1", 7, [], [good]])("is refused when it is no block but %j", (block) => {
    expect(check(block)).toEqual([
      expect.stringContaining("has to be a block with id, commit, sources and images"),
    ]);
  });

  it.each([
    ["a short commit", { commit: "1f1f1f1" }, "commit", "give 40 hex digits, quoted"],
    ["a commit in capitals", { commit: "1F".repeat(20) }, "commit", "give 40 hex digits, quoted"],
    ["no commit", { commit: undefined }, "commit", "is undefined"],
    ["a commit that YAML took for a number", { commit: parse("1234567e8") as unknown }, "commit", "quoted"],
    ["a commit that begins with an option", { commit: `--${"a".repeat(38)}` }, "commit", "hex digits"],
    ["no sources", { sources: undefined }, "sources", "give 64 hex digits, quoted"],
    ["no images", { images: undefined }, "images", 'name each image of the pipeline: "api", "web"'],
    ["images in a list", { images: ["r/api"] }, "images", "name each image"],
    ["a schema that is text", { schema: "42" }, "schema", "give revision and minCompatible"],
    ["a schema of half numbers", { schema: { revision: 1.5, minCompatible: 1 } }, "schema", "whole numbers"],
    ["a schema below 0", { schema: { revision: 1, minCompatible: -1 } }, "schema", "0 or more"],
    [
      "a schema turned round",
      { schema: { revision: 1, minCompatible: 2 } },
      "schema.minCompatible",
      "above its rev",
    ],
    ["an empty schema", { schema: null }, "schema", "is null"],
  ])("is refused with %s", (_what, change, field, fix) => {
    const problems = check({ ...good, ...change });
    expect(problems).toHaveLength(1);
    expect(problems[0]?.startsWith(`${FIELD}.${field} `)).toBe(true);
    expect(problems[0]).toContain(fix);
  });

  it.each([
    ["missing", undefined],
    ["a tag", "r/web:1.2"],
    ["one digit short", `r/web@sha256:${"a".repeat(63)}`],
    ["one digit long", `r/web@sha256:${"a".repeat(65)}`],
    ["in capitals", `r/web@sha256:${"A".repeat(64)}`],
    ["of another algorithm", `r/web@sha512:${"a".repeat(64)}`],
    ["without a repository", `@${digest}`],
    ["followed by a newline", `r/web@${digest}\n`],
    ["with a space", `r/we b@${digest}`],
    ["a number", 7],
  ])("is refused with a digest that is %s", (_what, ref) => {
    const problems = check({ ...good, images: { ...good.images, web: ref } });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`${FIELD}.images.web `);
    expect(problems[0]).toContain("give repository@sha256: and 64 hex digits");
  });

  it("is refused with an image that the pipeline does not have", () => {
    const problems = check({ ...good, images: { ...good.images, worker: `r/worker@${digest}` } });
    expect(problems).toEqual([
      `${FIELD}.images.worker is no image of the pipeline, which has "api", "web"; remove it`,
    ]);
  });

  it.each(["constructor", "toString"])("misses an image named %s as it does any other", (name) => {
    const problems = checkRelease(FIELD, good, { ...shape, images: [...shape.images, name] });
    expect(problems).toEqual([expect.stringContaining(`images.${name} is missing`)]);
  });

  it("is refused when it was changed by hand, naming the id that its content has", () => {
    const images = { ...good.images, web: `r/web@sha256:${"c".repeat(64)}` };
    const [problem, ...others] = check({ ...good, images });
    expect(others).toEqual([]);
    expect(problem).toMatch(
      /delivery:release\.id is "shop-\w{12}", but its content makes shop-\w{12}.*copy the whole/,
    );
  });

  it("is refused for another application", () => {
    expect(checkRelease(FIELD, good, { ...shape, app: "cart" })).toHaveLength(1);
  });

  it("has all of its problems said at once", () => {
    const problems = check({ id: "x", commit: 7, sources: "z", images: { web: "web:1" }, schema: {} });
    expect(problems.map((problem) => problem.slice(FIELD.length + 1).split(" ")[0])).toEqual([
      "commit",
      "sources",
      "images.api",
      "images.web",
      "schema",
    ]);
  });

  it("takes keys named __proto__ as images that are not the pipeline's", () => {
    const images = JSON.parse(`{"__proto__":"r/x@${digest}"}`) as object;
    const problems = check({ ...good, images: { ...images, ...good.images } });
    expect(problems).toEqual([expect.stringContaining("__proto__ is no image of the pipeline")]);
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });
});
