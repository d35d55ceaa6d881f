import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { judge } from "../../../components/image/context/ignore";
import type { IgnoreRule } from "../../../components/image/context/ignore-file";
import { readIgnoreFile } from "../../../components/image/context/ignore-file";
import { tryParseReference } from "../../../components/image/reference";
import { buildOracle } from "./oracle.ts";
import type { Oracle, Verdict } from "./oracle.ts";

const RUNS = 10_000;

let oracle: Oracle;
beforeAll(async () => {
  oracle = await buildOracle();
});
afterAll(() => oracle?.remove());

const HEX = "0123456789abcdef".repeat(8);
const REFERENCE_PIECES = [
  ...[
    "a",
    "b",
    "9",
    "A",
    "-",
    "--",
    "_",
    "__",
    "___",
    ".",
    "..",
    "/",
    ":",
    "@",
    "[",
    "]",
    "é",
    "\n",
    " ",
    "%",
  ],
  ...["localhost", "docker.io", "index.docker.io", "library", "example.com/", ":5000", "::1", "[::1]", "a/"],
  ...[`sha256:${HEX.slice(64)}`, `@sha256:${HEX.slice(64)}`, `@sha384:${HEX.slice(32)}`, `@sha512:${HEX}`],
  ...["sha256:abc", `@md5:${HEX.slice(96)}`, `@sha256:${"A".repeat(64)}`, HEX.slice(64)],
  ...["x".repeat(127), "x".repeat(128), "x".repeat(129), "x".repeat(255)],
];

describe("image references", () => {
  it(`get the verdict of github.com/distribution/reference, ${RUNS} times`, async () => {
    const pieces = fc.array(fc.constantFrom(...REFERENCE_PIECES), { maxLength: 7 });
    const texts = fc.sample(
      pieces.map((parts) => parts.join("")),
      RUNS,
    );
    const verdicts = await oracle.ask(texts.map((reference) => ({ reference })));
    expect(verdicts.filter(({ ok }) => ok).length).toBeGreaterThan(RUNS / 20);
    const ours = texts.map((text): Verdict => {
      const parsed = tryParseReference(text);
      return parsed === undefined ? { ok: false } : { ok: true, ...parsed };
    });
    const differing = texts.filter((_, index) => !isSame(ours[index], verdicts[index]));
    expect(differing).toEqual([]);
  });
});

function isSame(one: Verdict | undefined, two: Verdict | undefined): boolean {
  const keys = ["ok", "domain", "path", "tag", "digest"] as const;
  return keys.every((key) => (one?.[key] ?? "") === (two?.[key] ?? ""));
}

const IGNORE_PIECES = [
  ...[
    "a",
    "b",
    "c",
    "*",
    "**",
    "?",
    "/",
    "!",
    "\\",
    ".",
    "..",
    "./",
    "a/",
    "b/",
    "**/",
    "/**",
    "#",
    " ",
    "\t",
    "-",
    "A",
  ],
  ...[
    "[ab]",
    "[^a]",
    "[a-c]",
    "[",
    "]",
    "^",
    "|",
    "(",
    "+",
    "$",
    "{a}",
    "{1}",
    ".log",
    "\\*",
    "\\[",
    "é",
    "\\d",
  ],
];
const NAME_PIECES = [
  "a",
  "b",
  "c",
  ".log",
  "x",
  "^",
  "|",
  "+",
  "(",
  "é",
  "*",
  "[",
  "A",
  "!",
  "$",
  "{a}",
  "]",
  "-",
];

interface IgnoreCase {
  readonly ignore: string;
  readonly paths: readonly string[];
}

const joined = (pieces: readonly string[], maxLength: number): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength }).map((parts) => parts.join(""));
const ignoreCases = fc.record<IgnoreCase>({
  ignore: fc.array(joined(IGNORE_PIECES, 5), { minLength: 1, maxLength: 4 }).map((lines) => lines.join("\n")),
  paths: fc.array(
    fc.array(joined(NAME_PIECES, 3), { minLength: 1, maxLength: 4 }).map((names) => names.join("/")),
    { minLength: 6, maxLength: 12 },
  ),
});

/** Ignored in a walk, and kept when the path is judged alone: once found by chance. */
const FOUND: IgnoreCase = { ignore: "A\n**/a\n!?\n[^a]a+", paths: ["(/-/a"] };

/** As the walk through a context judges a path: folder by folder. */
function isIgnored(rules: readonly IgnoreRule[], path: string): boolean {
  const names = path.split("/");
  const steps = names.map((_, index) => names.slice(0, index + 1).join("/"));
  return steps.reduce((verdict, step) => judge(rules, step, verdict.matched), judge([], "")).ignored;
}

describe(".dockerignore files", () => {
  it(`ignore what github.com/moby/patternmatcher ignores, ${RUNS} times, or are refused`, async () => {
    const cases = [FOUND, ...fc.sample(ignoreCases, RUNS)];
    const verdicts = await oracle.ask(cases);
    const differing: IgnoreCase[] = [];
    let compared = 0;
    for (const [index, { ignore, paths }] of cases.entries()) {
      const { rules, problems } = readIgnoreFile(ignore);
      if (problems.length > 0) continue;
      const { ok, ignored = [] } = verdicts[index] ?? { ok: false };
      compared += 1;
      const wrong = paths.filter((path, place) => isIgnored(rules, path) !== ignored[place]);
      if (!ok || wrong.length > 0) differing.push({ ignore, paths: wrong });
    }
    expect(compared).toBeGreaterThan(RUNS / 3);
    expect(differing).toEqual([]);
  });
});
