import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../../components/manifests";

/** The same value with the keys of every object declared in the opposite order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, field]) => [key, reversed(field)]),
  );
}

const json = fc.jsonValue();

describe("canonical JSON", () => {
  it("does not depend on the order in which keys were written", () => {
    fc.assert(fc.property(json, (value) => canonicalJson(value) === canonicalJson(reversed(value))));
  });

  it("is JSON of the same value", () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it("is the same for two values exactly when they are equal", () => {
    const parsed = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
    const near = fc
      .tuple(json, json)
      .chain(([one, other]) => fc.constantFrom([one, other], [one, reversed(one)]));
    fc.assert(
      fc.property(near, ([one, other]) => {
        expect(canonicalJson(one) === canonicalJson(other)).toBe(
          isDeepStrictEqual(parsed(one), parsed(other)),
        );
      }),
    );
  });

  it("orders keys by their UTF-16 code units, also those that look like numbers", () => {
    expect(canonicalJson({ b: 1, a: 2, "9": 3, "10": 4, B: 5, ä: 6 })).toBe(
      '{"10":4,"9":3,"B":5,"a":2,"b":1,"ä":6}',
    );
  });

  it("counts a field that is undefined as absent, at any depth", () => {
    expect(canonicalJson({ a: undefined, b: { c: undefined, d: 1 } })).toBe('{"b":{"d":1}}');
  });

  it("keeps the order of lists", () => {
    expect(canonicalJson([2, 1])).not.toBe(canonicalJson([1, 2]));
  });

  it("keeps a key named __proto__ as data", () => {
    const value = JSON.parse(
      '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
    ) as object;
    expect(canonicalJson(value)).toBe(
      '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
    );
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});
