import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkBranch } from "../../../components/ledger/location";

describe("a branch's name", () => {
  it.each(["main", "deploy/shop/prod", "a.b", "größe", "a@b", "release-1.2", "x/@", "日本語"])(
    "%s is taken",
    (name) => {
      expect(checkBranch(name)).toEqual([]);
    },
  );

  it.each([
    ["", "empty"],
    ["@", "keeps for itself"],
    ["HEAD", "keeps for itself"],
    ["-x", 'begins with "-"'],
    ["--upload-pack=x", 'begins with "-"'],
    ["a b", "space"],
    ["a\nb", "control character"],
    ["a..b", '".."'],
    ["a@{1}", '"@{"'],
    ["a.", 'ends with "."'],
    ["a//b", "part"],
    ["/a", "part"],
    ["a/", "part"],
    [".a", "part"],
    ["a/.b", "part"],
    ["a.lock", "part"],
    ["a.lock/b", "part"],
    ["refs/heads/*", "~ ^ : ? * ["],
    ["a:b", "~ ^ : ? * ["],
    ["a\\b", "~ ^ : ? * ["],
    ["\ud800", "well-formed"],
    ["a".repeat(241), "longer than 240 bytes"],
  ])("%j is refused: %s", (name, words) => {
    expect(checkBranch(name).join()).toContain(words);
  });

  it("is taken exactly when git check-ref-format takes it", { timeout: 60_000 }, () => {
    const piece = fc.constantFrom(
      "a",
      "B",
      "0",
      "-",
      ".",
      "..",
      "/",
      "@",
      "{",
      "@{",
      "~",
      "^",
      ":",
      "?",
      "*",
      "[",
      "\\",
      " ",
      "\t",
      ".lock",
      "ä",
      "HEAD",
      "\u007f",
    );
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 6 }), (pieces) => {
        const name = pieces.join("");
        expect(checkBranch(name).length === 0).toBe(gitTakes(name));
      }),
      { numRuns: 400 },
    );
  });
});

function gitTakes(name: string): boolean {
  if (name.startsWith("-") || name === "HEAD" || name === "@") return false;
  try {
    execFileSync("git", ["check-ref-format", `refs/heads/${name}`], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
