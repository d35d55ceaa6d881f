import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseGitRequest } from "../../../sandbox/git/smart-http/index.ts";

const service = "git-upload-pack";

describe("the address of a Git request", () => {
  it("is one of the smart protocol's three, with or without .git", () => {
    const expected = { owner: "acme", name: "de.ploy", service };
    for (const end of ["", ".git"]) {
      expect(parseGitRequest("GET", `/acme/de.ploy${end}/info/refs?service=${service}`)).toEqual({
        ...expected,
        advertisement: true,
      });
      expect(parseGitRequest("POST", `/acme/de.ploy${end}/${service}`)).toEqual({
        ...expected,
        advertisement: false,
      });
    }
  });

  it.each([
    ["GET", "/acme/deploy.git/info/refs"],
    ["GET", "/acme/deploy.git/info/refs?service=git-upload-archive"],
    ["GET", "/acme/deploy.git/info/refs?service=git-upload-pack&x=1"],
    ["GET", "/acme/deploy.git/git-upload-pack"],
    ["POST", "/acme/deploy.git/info/refs?service=git-upload-pack"],
    ["GET", "/acme/deploy.git/HEAD"],
    ["GET", "/acme/deploy.git/objects/info/packs"],
    ["POST", "/acme/sub/deploy.git/git-upload-pack"],
    ["POST", "/acme/../git-upload-pack"],
    ["POST", "/../deploy.git/git-upload-pack"],
    ["POST", "/.server/x.git/git-upload-pack"],
    ["POST", "/acme/%64eploy.git/git-upload-pack"],
    ["POST", "/acme/deploy.git/git-upload-pack\n"],
    ["POST", "//acme/deploy.git/git-upload-pack"],
  ])("is not %s %s", (method, url) => {
    expect(parseGitRequest(method, url)).toBeUndefined();
  });

  it("never names anything but one folder inside one other", () => {
    const piece = fc.constantFrom(
      "acme",
      "..",
      ".",
      "%2e%2e",
      ".git",
      "/",
      "%2f",
      "\\",
      "a",
      "info/refs",
      "\0",
      "é",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        const request = parseGitRequest("POST", `/${pieces.join("")}/git-receive-pack`);
        if (request === undefined) return;
        for (const name of [request.owner, request.name]) expect(name).toMatch(/^(?!\.{1,2}$)[\w.-]+$/);
      }),
    );
  });
});
