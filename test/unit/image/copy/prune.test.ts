import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isOwnTag, partsOf, prunePlan } from "../../../../components/image/copy";
import type { Stored } from "../../../../components/image/copy";

const image = (digest: string, tags: readonly string[], ...manifests: string[]): Stored => {
  return { digest, tags, parts: { manifests } };
};

describe("images that nothing needs", () => {
  it("go with every platform that nothing else names, the index first", () => {
    const stored = [
      image("old", ["src-1"], "old-amd", "shared"),
      image("new", ["src-2"], "new-amd", "shared"),
    ];
    const plan = prunePlan("shop", stored, new Set(["new"]));
    expect(plan.digests).toEqual(["old", "old-amd"]);
    expect(plan.images.map(({ tags }) => tags)).toEqual([["src-1"]]);
    expect(plan.kept.map(({ digest }) => digest)).toEqual(["new"]);
  });

  it("stay when somebody else has tagged them, or when a platform of theirs is what runs", () => {
    const stored = [
      image("a", ["src-1", "stable"]),
      image("b", ["src-2"], "b-arm"),
      image("c", ["shop-7f3c9a1b20d4"]),
    ];
    expect(prunePlan("shop", stored, new Set(["b-arm"])).digests).toEqual(["c"]);
  });

  it("stay when an image that stays has them as a platform", () => {
    const stored = [image("index", ["src-1"], "amd"), image("amd", ["src-2"])];
    expect(prunePlan("shop", stored, new Set(["index"])).digests).toEqual([]);
  });

  it("stay when they are part of a part of an image that stays", () => {
    const stored = [
      image("outer", ["stable"], "inner"),
      image("inner", ["src-1"], "deep"),
      image("deep", ["src-2"]),
    ];
    expect(prunePlan("shop", stored, new Set()).digests).toEqual([]);
  });

  it("never are in use, nor part of anything that stays", () => {
    const digest = fc.constantFrom(..."abcdefgh");
    const tag = fc.constantFrom("src-1", "shop-7f3c9a1b20d4", "latest");
    const stored = fc.uniqueArray(
      fc.record({ digest, tags: fc.array(tag, { minLength: 1 }), manifests: fc.array(digest) }),
      { selector: (each) => each.digest },
    );
    fc.assert(
      fc.property(stored, fc.array(digest), (all, used) => {
        const images = all.map((each) => image(each.digest, each.tags, ...each.manifests));
        const { digests, kept } = prunePlan("shop", images, new Set(used));
        const needed = [...used, ...kept.flatMap((each) => [each.digest, ...each.parts.manifests])];
        expect(digests.filter((each) => needed.includes(each))).toEqual([]);
        const tagged = (among: readonly Stored[]): readonly Stored[] =>
          among.filter(({ tags }) => tags.includes("latest"));
        expect(tagged(kept)).toEqual(tagged(images));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ["src-0123abcd", true],
    ["shop-7f3c9a1b20d4", true],
    ["shop-1.2.3", false],
    ["other-7f3c9a1b20d4", false],
    ["latest", false],
  ])("are known by their tags: %s", (tag, expected) => expect(isOwnTag(tag, "shop")).toBe(expected));
});

describe("what an image is made of", () => {
  const bytes = (value: object): { readonly bytes: Buffer } => ({
    bytes: Buffer.from(JSON.stringify(value)),
  });

  it("is the platforms of an index", () => {
    const index = { manifests: [{ digest: "a" }, { digest: "b" }, { digest: "a" }] };
    expect(partsOf(bytes(index))).toEqual({ manifests: ["a", "b"], blobs: [] });
  });

  it("is configuration and layers, without those that are kept elsewhere", () => {
    const layers = [{ digest: "l" }, { digest: "f", urls: ["https://example.com"] }];
    expect(partsOf(bytes({ config: { digest: "c" }, layers }))).toEqual({ manifests: [], blobs: ["c", "l"] });
  });
});
