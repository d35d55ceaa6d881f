import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { digestOf, makeRelease, releaseId } from "../../../components/release";
import type { ReleaseContent } from "../../../components/release";

const hex = (length: number): fc.Arbitrary<string> => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));
const digest = hex(64).map((digits) => `sha256:${digits}`);
const repository = fc.constantFrom("r.example.com/a/web", "127.0.0.1:5000/web", "web", "[::1]:5000/a/web");
const name = fc.stringMatching(/^[a-z]([-a-z0-9]{0,8}[a-z0-9])?$/);
const schema = fc.record({ revision: fc.nat(), minCompatible: fc.nat() });

/** Images by name as digests; the repositories are added where a test needs them. */
const digests = fc.dictionary(name, digest, { minKeys: 1, maxKeys: 4 });
const content: fc.Arbitrary<ReleaseContent> = fc
  .tuple(digests, hex(64), fc.option(schema, { nil: undefined }))
  .map(([images, sources, range]) => ({ ...at("r/web", images, sources), ...(range && { schema: range }) }));

function at(place: string, images: Record<string, string>, sources: string): ReleaseContent {
  return {
    sources,
    images: Object.fromEntries(Object.entries(images).map(([key, value]) => [key, `${place}@${value}`])),
  };
}

describe("the id of a release", () => {
  it("is the application's name and 12 hex digits", () => {
    fc.assert(
      fc.property(name, content, (app, given) => {
        expect(releaseId(app, given)).toMatch(new RegExp(`^${app}-[0-9a-f]{12}$`));
      }),
    );
  });

  it("is made of these bytes, on any machine and in any version of the library", () => {
    const sources = "b".repeat(64);
    const digest = `sha256:${"a".repeat(64)}`;
    const given = {
      sources,
      images: { web: `r/web@${digest}` },
      schema: { revision: 42, minCompatible: 40 },
    };
    const bytes = `{"digests":{"web":"${digest}"},"schema":{"minCompatible":40,"revision":42},"sources":"${sources}"}`;
    expect(releaseId("shop", given)).toBe(
      `shop-${createHash("sha256").update(bytes).digest("hex").slice(0, 12)}`,
    );
  });

  it("does not depend on the order of the images", () => {
    fc.assert(
      fc.property(name, content, (app, given) => {
        const images = Object.fromEntries(Object.entries(given.images).reverse());
        expect(releaseId(app, { ...given, images })).toBe(releaseId(app, given));
      }),
    );
  });

  it("does not depend on the repository or its host: a copied image is the same image", () => {
    fc.assert(
      fc.property(digests, hex(64), repository, repository, (images, sources, here, there) => {
        expect(releaseId("shop", at(here, images, sources))).toBe(
          releaseId("shop", at(there, images, sources)),
        );
      }),
    );
  });

  it("changes with every single digest", () => {
    fc.assert(
      fc.property(content, digest, fc.nat(), (given, other, pick) => {
        const names = Object.keys(given.images);
        const changed = names[pick % names.length] ?? "";
        fc.pre(digestOf(given.images[changed] ?? "") !== other);
        const images = { ...given.images, [changed]: `r/web@${other}` };
        expect(releaseId("shop", { ...given, images })).not.toBe(releaseId("shop", given));
      }),
    );
  });

  it("changes when two images swap their digests", () => {
    const [a, b] = ["a", "b"].map((digit) => `r/x@sha256:${digit.repeat(64)}`) as [string, string];
    const sources = "c".repeat(64);
    expect(releaseId("shop", { sources, images: { web: a, worker: b } })).not.toBe(
      releaseId("shop", { sources, images: { web: b, worker: a } }),
    );
  });

  it("changes with the name of an image, the sources, the schema and the application", () => {
    const given = { sources: "b".repeat(64), images: { web: `r/web@sha256:${"a".repeat(64)}` } };
    const ids = [
      releaseId("shop", given),
      releaseId("cart", given).replace("cart", "shop"),
      releaseId("shop", { ...given, images: { api: given.images.web } }),
      releaseId("shop", { ...given, sources: "c".repeat(64) }),
      releaseId("shop", { ...given, schema: { revision: 1, minCompatible: 1 } }),
      releaseId("shop", { ...given, schema: { revision: 2, minCompatible: 1 } }),
      releaseId("shop", { ...given, schema: { revision: 2, minCompatible: 2 } }),
    ];
    expect(new Set(ids).size).toBe(ids.length - 1);
    expect(ids[0]).toBe(ids[1]);
  });

  it("does not change with the commit", () => {
    const given = { sources: "b".repeat(64), images: { web: `r/web@sha256:${"a".repeat(64)}` } };
    const [one, other] = ["1", "2"].map((digit) =>
      makeRelease("shop", { ...given, commit: digit.repeat(40) }),
    );
    expect(one?.id).toBe(other?.id);
    expect(one?.commit).not.toBe(other?.commit);
  });
});

describe("a release", () => {
  it("carries no schema when none was given", () => {
    const made = makeRelease("shop", { commit: "1".repeat(40), sources: "b".repeat(64), images: {} });
    expect(Object.keys(made)).toEqual(["id", "commit", "sources", "images"]);
  });

  it("knows the digest of a reference, also with a port and a tag in it", () => {
    expect(digestOf("127.0.0.1:5000/web:1.2@sha256:abc")).toBe("sha256:abc");
  });
});
