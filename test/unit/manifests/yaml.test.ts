import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { parseYaml, toYaml } from "../../../components/manifests/yaml";
import { Mistake } from "../../../components/mistake";
import { BOMBS } from "./bombs";
import { TRICKY_STRINGS } from "./tricky-strings";

const SOURCE = { origin: "a.yaml" };
const problemsOf = (action: () => unknown): readonly string[] => {
  try {
    action();
  } catch (error) {
    if (error instanceof Mistake) return error.problems;
    throw error;
  }
  return [];
};

/** Texts of everything that trips readers, beside any others. */
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({
    unit: fc.constantFrom(..." \t\n\r:#-?,[]{}&*!|>'\"%@`ayn01.e+~=<\\\u0085\u2028\ufeff\u{1f680}"),
  }),
  fc.constantFrom(...TRICKY_STRINGS.map(([, tricky]) => tricky)),
);
const { value: data } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    text,
    fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
    ),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(text, tie("value"), { maxKeys: 4 }),
  ),
}));
const withoutMinusZero = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe("toYaml()", () => {
  it.each(TRICKY_STRINGS)("writes %s so that readers of YAML 1.1 and 1.2 give it back", (_what, tricky) => {
    const object = { [tricky]: tricky, list: [tricky, [tricky]], deep: { [tricky]: { a: tricky } } };
    const written = toYaml([object]);
    expect(parse(written)).toEqual(object);
    expect(parse(written, { version: "1.1" })).toEqual(object);
    expect(parseYaml(written, SOURCE)).toEqual([object]);
  });

  it("gives any data back through readers of YAML 1.1 and 1.2", () => {
    fc.assert(
      fc.property(fc.dictionary(text, data, { maxKeys: 5 }), (drawn) => {
        const object = withoutMinusZero(drawn);
        const written = toYaml([object as object]);
        expect(parse(written)).toEqual(object);
        expect(parse(written, { version: "1.1" })).toEqual(object);
        expect(parseYaml(written, SOURCE)).toEqual([object]);
      }),
      { numRuns: 1000 },
    );
  });

  it("writes equal objects as equal bytes, in whatever order their keys were declared", () => {
    expect(toYaml([{ b: { d: 1, c: 2 }, a: undefined }])).toBe(toYaml([{ b: { c: 2, d: 1 } }]));
    expect(toYaml([{ b: { d: 1, c: 2 } }])).toBe("b:\n  c: 2\n  d: 1\n");
  });

  it("keeps lines as lines, so that a change of one shows as a change of one", () => {
    expect(toYaml([{ data: { "nginx.conf": "server {\n\tlisten 80;\n\n}\n" } }])).toBe(
      "data:\n  nginx.conf: |\n    server {\n    \tlisten 80;\n\n    }\n",
    );
  });

  it("separates documents", () => {
    expect(toYaml([{ a: 1 }, {}, { b: [] }])).toBe("a: 1\n---\n{}\n---\nb: []\n");
  });

  it("keeps a key named __proto__ as data", () => {
    const object = JSON.parse('{"__proto__":{"polluted":"x"}}') as object;
    const [read] = parseYaml(toYaml([object]), SOURCE);
    expect(Object.entries(read as object)).toEqual([["__proto__", { polluted: "x" }]]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it.each([
    ["half of a surrogate pair", { a: "\ud800" }, /^objects\[0\]\.a .*surrogate/],
    ["half of a pair in a block", { a: "x\n\udc00\n" }, /surrogate/],
    ["half of a pair in a key", { "\udfff": 1 }, /key .*surrogate/],
    ["what is no number", { a: [1, Number.NaN] }, /^objects\[0\]\.a\[1\] is NaN/],
    ["infinity", { a: { b: -Infinity } }, /^objects\[0\]\.a\.b is -Infinity/],
    ["a gap in a list", { a: [undefined] }, /^objects\[0\]\.a\[0\] is undefined/],
    ["a date", { a: new Date(0) }, /^objects\[0\]\.a is a Date/],
    ["a map", { a: new Map() }, /^objects\[0\]\.a is a Map/],
    ["a function", { a: () => 1 }, /^objects\[0\]\.a is of type function/],
    ["a bigint", { a: 1n }, /^objects\[0\]\.a is of type bigint/],
    ["a promise", { a: Promise.resolve("x") }, /^objects\[0\]\.a is known only later/],
    [
      "an output of Pulumi",
      { a: Object.assign(Object.create({}), { __pulumiOutput: true }) as unknown },
      /^objects\[0\]\.a is known only later/,
    ],
    ["a key of 257 characters", { ["k".repeat(257)]: 1 }, /key of 257 characters; give 256/],
  ])("refuses %s and says where it is", (_what, object, sentence) => {
    expect(problemsOf(() => toYaml([object]))).toEqual([expect.stringMatching(sentence)]);
  });

  it("refuses a circle, and nesting deeper than 100 levels, with one sentence", () => {
    const circle: Record<string, unknown> = {};
    circle.a = { b: [circle] };
    expect(problemsOf(() => toYaml([circle]))).toEqual([expect.stringContaining("deeper than 100 levels")]);
    const nested = (levels: number): object => (levels === 0 ? {} : { a: nested(levels - 1) });
    expect(problemsOf(() => toYaml([nested(102)]))).toHaveLength(1);
    expect(parse(toYaml([nested(100)]))).toEqual(nested(100));
  });

  it("never shows the text that it refuses", () => {
    expect(problemsOf(() => toYaml([{ a: "canary\ud800" }])).join()).not.toContain("canary");
  });
});

describe("parseYaml()", () => {
  const values = (source: string): unknown => parseYaml(source, SOURCE)[0];

  it("reads words as kubectl does", () => {
    const words =
      "{a: yes, b: 0644, c: 1:30, d: 2020-01-01, e: 1_000, f: .5e3, g: 0b11, h: 09, i: 0x, j: ~, k: !!str 1}";
    const [a, b, c, d, e, f, g, h, i, j, k] = [
      true,
      420,
      "1:30",
      "2020-01-01",
      1000,
      500,
      3,
      9,
      "0x",
      null,
      "1",
    ];
    expect(values(words)).toEqual({ a, b, c, d, e, f, g, h, i, j, k });
  });

  it("reads every text that the library yaml writes in quotes, as a value and as a key", () => {
    // In quotes, since the library leaves texts plain that kubectl takes for numbers, as "+_0".
    const quoted = { defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "QUOTE_DOUBLE" } as const;
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
        const plain = withoutMinusZero(object);
        expect(parseYaml(stringify(plain, { version: "1.1", ...quoted }), SOURCE)).toEqual([plain]);
      }),
    );
  });

  it("reads quoted texts of any length, over several lines too, and refuses what is wrong in them at its place", () => {
    const long = 'some \\"long\\" \\\\ \\u00e9\\t text '.repeat(3);
    expect(
      values(
        `a: "${long}"\nb: 'it''s as long as that'\n"a key of some length": "on\n  two lines  \n\n  of text"\n`,
      ),
    ).toEqual({
      a: JSON.parse(`"${long}"`),
      b: "it's as long as that",
      "a key of some length": "on two lines\nof text",
    });
    expect(problemsOf(() => parseYaml('a: 1\nb: "with a \\q wrong \\q escape"\n', SOURCE))).toEqual([
      expect.stringMatching(/^line 2, column 12: Invalid escape sequence/),
    ]);
    expect(problemsOf(() => parseYaml('"a key on\n  two lines": 1\n', SOURCE)).length).toBeGreaterThan(0);
  });

  it("leaves empty documents out", () => {
    expect(parseYaml("# nothing\n---\na: 1\n---\n\n---\n# end\n", SOURCE)).toEqual([{ a: 1 }]);
    expect(parseYaml("", SOURCE)).toEqual([]);
  });

  it("follows aliases and merge keys, where own keys win, and the first of a list of merged objects", () => {
    const source =
      "x: &x {p: 1, q: 1}\ny: &y {q: 2, r: 2}\na: {<<: *x, q: 9}\nb: {<<: [*x, *y]}\nc: [*x, *x]\n";
    expect(values(source)).toMatchObject({
      a: { p: 1, q: 9 },
      b: { p: 1, q: 1, r: 2 },
      c: [{ p: 1, q: 1 }, { p: 1 }],
    });
  });

  it("uses an anchor that stands in the same object", () => {
    expect(values("a: &a {p: 1}\n<<: *a\n")).toEqual({ a: { p: 1 }, p: 1 });
  });

  it.each([
    ["a key given twice", "a: 1\nb: 2\na: 3\n", /^line 3, column 1: the key "a" is given twice/],
    ["a key given twice in two ways", '{"1": a, 1: b}', /the key "1" is given twice/],
    ["an alias without an anchor", "a: *b\n", /\*b has no anchor|Unresolved alias/],
    ["an alias in a circle", "a: &a\n  b: *a\n", /^line 2, column 6: the alias \*a stands inside/],
    ["a merge in a circle", "a: &a\n  <<: *a\n", /\*a stands inside/],
    ["a merge of a text", "<<: x\n", /"<<" takes an object/],
    ["a tag", "a: !!binary aGk=\n", /the tag "tag:yaml.org,2002:binary" is not read by every reader/],
    ["a tag of one's own", "a: !secret x\n", /the tag "!secret"/],
    ["a list as key", "? [a]\n: b\n", /a key is a list/],
    ["infinity", "a: .inf\n", /".inf" is no number that JSON can hold/],
    ["a tab as indentation", "a:\n\tb: 1\n", /Tabs are not allowed/],
    ["an open quote", 'a: "b\n', /quote/],
    ["nesting", `a: ${"[".repeat(102)}${"]".repeat(102)}`, /deeper than 100 levels/],
  ])("refuses %s with its place", (_what, source, sentence) => {
    const problems = problemsOf(() => parseYaml(source, SOURCE));
    expect(problems[0]).toMatch(sentence);
    expect(problems).toHaveLength(1);
  });

  it.each([
    ["lists", (levels: number) => `a: ${"[".repeat(levels)}${"]".repeat(levels)}`],
    ["lists that are left open", (levels: number) => "[".repeat(levels)],
    ["lists of lines", (levels: number) => `${"- ".repeat(levels)}a`],
    ["objects", (levels: number) => `${"{a: ".repeat(levels)}1${"}".repeat(levels)}`],
    ["keys", (levels: number) => `${"? [".repeat(levels)}a`],
  ])("refuses %s of 10,000 levels with their place", (_what, nested) => {
    const problems = problemsOf(() => parseYaml(`${nested(10_000)}\n---\nb: 1\nc: *d\n`, SOURCE));
    expect(problems[0]).toMatch(
      /^line \d+(, column \d+| or above): nesting is deeper than 100 levels; make it flatter$/,
    );
    expect(problems.join()).not.toContain("call stack");
  });

  it("names the source and every problem", () => {
    const action = (): unknown => parseYaml("a: *b\nc: !x y\nd: 1\nd: 2\n", { origin: "deploy/web.yaml" });
    expect(action).toThrow(/^Reading deploy\/web\.yaml:\n(.*\n){2}.*twice/);
    expect(problemsOf(action)).toHaveLength(3);
  });

  it.each(BOMBS)("refuses %s", (_what, bomb) => {
    expect(problemsOf(() => parseYaml(bomb, SOURCE)).length).toBeGreaterThan(0);
  });
});
