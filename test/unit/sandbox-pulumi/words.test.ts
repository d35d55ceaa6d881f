import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitWords } from "../../../sandbox/pulumi/language-host/index.ts";

describe("splitting nodeargs", () => {
  it.each([
    ["", []],
    ["  --a   --b=1 ", ["--a", "--b=1"]],
    [`--title="two words"`, ["--title=two words"]],
    [`'single "kept"' x\\ y`, [`single "kept"`, "x y"]],
    [`"a \\"quoted\\" b" ""`, [`a "quoted" b`, ""]],
  ])("reads %j as a shell does", (line, words) => {
    expect(splitWords(line)).toEqual(words);
  });

  it("gives back any words that were quoted for a shell", () => {
    const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;
    fc.assert(
      fc.property(fc.array(fc.string()), (words) => {
        expect(splitWords(words.map(quote).join(" "))).toEqual(words);
      }),
    );
  });
});
