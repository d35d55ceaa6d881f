import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isBranchName, isFilePath, isOwnerName, isRepositoryName } from "../../../sandbox/git/names.ts";

describe("names of owners and repositories", () => {
  it.each(["acme", "a", "Acme-Corp", "a1-b2", "a".repeat(39)])("take %s as an owner", (name) => {
    expect(isOwnerName(name)).toBe(true);
  });
  it.each(["", "-a", "a-", "a--b", ".server", "_sandbox", "a.b", "a/b", "ä", "a".repeat(40)])(
    "refuse %j as an owner",
    (name) => expect(isOwnerName(name)).toBe(false),
  );
  it.each(["deploy", "a.b", "_", "-x", "...", "x.git.y"])("take %s as a repository", (name) => {
    expect(isRepositoryName(name)).toBe(true);
  });
  it.each(["", ".", "..", "a/b", "a.git", "A.GIT", "a.wiki", "a b", "a\0", "a".repeat(101)])(
    "refuse %j as a repository",
    (name) => expect(isRepositoryName(name)).toBe(false),
  );
});

describe("names of branches", () => {
  it.each(["main", "deploy/shop/prod", "ä", "a.b", "v1.0", "a-", "@x", "a@b"])("take %s", (name) => {
    expect(isBranchName(name)).toBe(true);
  });
  it.each([
    "",
    "@",
    "HEAD",
    "-a",
    ".a",
    "a/.b",
    "a..b",
    "a.",
    "a.lock",
    "a/b.lock/c",
    "/a",
    "a/",
    "a//b",
    "a b",
    "a~1",
    "a^",
    "a:b",
    "a?",
    "a*",
    "a[b",
    "a\\b",
    "a@{1}",
    "a\nb",
    "a\x7f",
  ])("refuse %j", (name) => {
    expect(isBranchName(name)).toBe(false);
  });
});

describe("paths of files", () => {
  it("never leave the tree or reach into Git's own folder, whatever is put together", () => {
    const part = fc.constantFrom("a", "..", ".", "", ".git", ".GIT", "b c", "\0", "ä");
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (parts) => {
        const clean = parts.every((one) => ["a", "b c", "ä"].includes(one));
        expect(isFilePath(parts.join("/"))).toBe(clean);
      }),
    );
  });
});
