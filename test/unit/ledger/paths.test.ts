import { posix, win32 } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkOwned, checkPath } from "../../../components/ledger/location";

const owned = (
  paths: readonly string[],
  prefixes = ["clusters/eu"],
  retired: readonly string[] = [],
): string[] => checkOwned({ prefixes, retired, paths });

describe("a path", () => {
  it.each([
    "a",
    "clusters/eu/web.yaml",
    "größe.yaml",
    "a b.yaml",
    "com",
    "console",
    "-x",
    "a..b",
    "日本語/x",
    "_/__proto__",
    "...a",
  ])("%j is taken", (path) => {
    expect(checkPath("files:", path)).toEqual([]);
  });

  it.each([
    ["", "empty"],
    ["/a", "absolute"],
    ["a/", "empty part"],
    ["a//b", "empty part"],
    [".", '"."'],
    ["a/./b", '"."'],
    ["../a", '".."'],
    ["a/../../b", '".."'],
    ["a\\b", "\\"],
    ["C:\\x", ":"],
    ["a:b", ":"],
    ["a\u0000b", "control character"],
    ["a\nb", "control character"],
    ["a\u200bb", "invisible"],
    ["a\u202eb", "invisible"],
    ["\ufeffa", "invisible"],
    [".git/config", "Git reads as its own"],
    ["a/.GIT/config", "Git reads as its own"],
    [".gIt", "Git reads as its own"],
    [".gitmodules", "Git reads as its own"],
    ["x/.gitattributes", "Git reads as its own"],
    [".g\u200cit/config", "invisible"],
    ["git~1/config", "~"],
    ["~/x", "~"],
    ["a./b", "dot or a space"],
    ["a /b", "dot or a space"],
    [" a", "begins with a space"],
    ["con", "device"],
    ["a/NUL.yaml", "device"],
    ["com1.tar.gz", "device"],
    ["LPT9", "device"],
    ["com¹", "device"],
    ["a*", "*"],
    ['a"b', '"'],
    ["cafe\u0301.yaml", "NFC"],
    ["\ud800", "invisible"],
    [`${"a".repeat(256)}`, "longer than 255 bytes"],
    [`${"ä".repeat(128)}`, "longer than 255 bytes"],
    [Array.from({ length: 300 }, () => "abc").join("/"), "longer than 1024 bytes"],
  ])("%j is refused: %s", (path, words) => {
    expect(checkPath("files:", path).join()).toContain(words);
  });
});

describe("what a publisher owns", () => {
  it("is fine when every path is below a prefix and every prefix has one", () => {
    expect(
      owned(["clusters/eu/a", "clusters/us/b"], ["clusters/eu", "clusters/us"], ["clusters/old"]),
    ).toEqual([]);
  });

  it("says everything at once", () => {
    const problems = owned(["clusters/us/a", "../x", "clusters/eu/CON"], ["clusters/eu", "clusters/asia"]);
    for (const words of ["outside of", '"../x" is refused', "device", 'nothing below "clusters/asia"']) {
      expect(problems.join("\n")).toContain(words);
    }
  });

  it("is refused when it is empty: an agent would delete all that runs", () => {
    expect(owned([]).join()).toContain("empty render");
    expect(owned([], []).join()).toContain("prefixes is empty");
  });

  it.each([[["a", "a"]], [["a", "a/b"]], [["a/b", "A"]]])(
    "is refused when two folders are one, or one is in the other: %j",
    (prefixes) => {
      const paths = prefixes.map((prefix) => `${prefix}/x`);
      expect(owned(paths, prefixes).join()).toContain("overlap");
    },
  );

  it("does not take clusters/eu for a part of clusters/eu-1", () => {
    expect(owned(["clusters/eu/a", "clusters/eu-1/a"], ["clusters/eu", "clusters/eu-1"])).toEqual([]);
  });

  it.each([
    [["clusters/eu/a", "clusters/eu/A"], "one name where case does not count"],
    [["clusters/eu/ä", "clusters/eu/Ä"], "one name where case does not count"],
    [["clusters/eu/straße", "clusters/eu/STRASSE"], "one name where case does not count"],
    [["clusters/eu/x/a", "clusters/eu/X/b"], "one name where case does not count"],
    [["clusters/eu/ﬁ", "clusters/eu/fi"], "one name where case does not count"],
    [["clusters/eu/a", "clusters/eu/a/b"], "a file and a folder at once"],
  ])("is refused when names collide: %j", (paths, words) => {
    expect(owned(paths).join()).toContain(words);
  });

  it("lists a long list of problems in part, and says how many more there are", () => {
    const problems = owned(Array.from({ length: 500 }, (_, index) => `x${index}`));
    expect(problems).toHaveLength(21);
    expect(problems.at(-1)).toMatch(/^and \d+ more like these$/);
  });

  it("never leaves its folder on any system, whatever is accepted (10,000 names)", () => {
    const piece = fc.constantFrom(
      "a",
      "..",
      ".",
      "/",
      "\\",
      ".git",
      "GIT~1",
      ":",
      "\0",
      " ",
      "~",
      "C:",
      "con",
      "\u200c",
      "é",
      "e\u0301",
      "clusters/eu/",
      "-",
      "x.yaml",
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 7 }),
        fc.string({ unit: "binary", maxLength: 4 }),
        (pieces, extra) => {
          const path = `clusters/eu/${pieces.join("")}${extra}`;
          if (owned([path, "clusters/eu/zzz"]).length > 0) return;
          expect(posix.resolve("/root", path).startsWith("/root/clusters/eu/")).toBe(true);
          expect(win32.resolve("C:\\root", path).startsWith("C:\\root\\clusters\\eu\\")).toBe(true);
          expect(
            path
              .toLowerCase()
              .split(/[\\/]/)
              .some((part) => part.startsWith(".git")),
          ).toBe(false);
          expect(path.normalize("NFC")).toBe(path);
        },
      ),
      { numRuns: 10_000 },
    );
  });
});
