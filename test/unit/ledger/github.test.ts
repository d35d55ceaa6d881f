import { describe, expect, it } from "vitest";
import { gitHubRepository } from "../../../components/ledger/github";
import { proposalBranch } from "../../../components/ledger/publish";
import { checkBranch } from "../../../components/ledger/location";

describe("the API of a repository", () => {
  it.each([
    ["https://github.com/acme/deploy.git", undefined, "https://api.github.com"],
    ["ssh://git@github.com/acme/deploy.git", undefined, "https://api.github.com"],
    ["https://git.example.com:8443/acme/deploy", undefined, "https://git.example.com:8443/api/v3"],
    ["ssh://git@git.example.com:2222/acme/deploy.git", undefined, "https://git.example.com/api/v3"],
    ["http://127.0.0.1:3000/acme/deploy.git", undefined, "http://127.0.0.1:3000/api/v3"],
    ["https://git.example.com/acme/deploy.git", "https://api.example.com/v3/", "https://api.example.com/v3"],
  ])("%s with %s is at %s", (address, given, api) => {
    expect(gitHubRepository(address, given)).toEqual({ api, owner: "acme", name: "deploy" });
  });
});

describe("a proposal's branch", () => {
  it("is one for each owner of folders, and has a name that Git takes", () => {
    const one = proposalBranch("deploy/shop/prod", ["clusters/eu", "clusters/us"]);
    expect(one).toBe(proposalBranch("deploy/shop/prod", ["clusters/us", "clusters/eu"]));
    expect(one).not.toBe(proposalBranch("deploy/shop/prod", ["clusters/eu"]));
    expect(checkBranch(one)).toEqual([]);
  });
});
