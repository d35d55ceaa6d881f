import { describe, expect, it } from "vitest";
import { checkRepository, parseAddress } from "../../../components/ledger/location";

describe("a repository's address", () => {
  it.each([
    "https://github.com/acme/deploy.git",
    "https://git.example.com:8443/a/b/c.git",
    "https://dev.example.com/org/my%20project/_git/deploy",
    "ssh://git@github.com/acme/deploy.git",
    "ssh://git@example.com:2222/~ann/deploy",
    "ssh://example.com/acme/deploy",
    "http://127.0.0.1:3000/acme/deploy.git",
    "http://localhost/acme/deploy.git",
    "http://[::1]:80/acme/deploy.git",
    "https://[2001:db8::1]/acme/deploy.git",
  ])("%s is taken", (address) => {
    expect(checkRepository(address)).toEqual([]);
  });

  it.each([
    ["", "give an https or ssh address"],
    ["file:///etc", "no address that is taken"],
    ["/srv/git/deploy.git", "no address that is taken"],
    ["ext::sh -c id", "control character"],
    ["ext::sh", "no address that is taken"],
    ["git://example.com/a", "no address that is taken"],
    ["ftp://example.com/a", "no address that is taken"],
    ["--upload-pack=/bin/sh", "no address that is taken"],
    ["ssh://-oProxyCommand=id/a", "no address that is taken"],
    ["ssh://git@-oProxyCommand=id/a", "no address that is taken"],
    ["https://example.com", "no address that is taken"],
    ["https://example.com/a?x=1", "no address that is taken"],
    ["https://example.com/a#x", "no address that is taken"],
    ["https://example.com\n/a", "control character"],
    ["https://example.com/a%0ahost=evil", "control character"],
    ["https://example.com/a%00", "control character"],
    ["https://example.com/a\u0000", "control character"],
    ["https://example.com/a/../b", '".."'],
    ["https://example.com/a/%2e%2e/b", '".."'],
    ["https://example.com:99999/a", "port 99999"],
    ["http://example.com/a", "use https"],
    ["http://127.0.0.1.example.com/a", "use https"],
    ["http://localhost.example.com/a", "use https"],
    ["HTTPS://example.com/a", "no address that is taken"],
    ["https://example.com/'$(id)'", "no address that is taken"],
  ])("%j is refused: %s", (address, words) => {
    expect(checkRepository(address).join()).toContain(words);
  });

  it.each([undefined, null, 7, {}])("%j is refused", (address) => {
    expect(checkRepository(address)).toHaveLength(1);
  });

  it("with credentials is refused without repeating them, whatever else is wrong", () => {
    for (const address of [
      "https://canary@github.com/acme/deploy.git",
      "https://user:canary@github.com/acme/deploy.git",
      "http://user:canary@example.com/a",
      "ssh://git:canary@github.com/acme/deploy.git",
      "ext::https://user:canary@x",
      "https://user:canary@exa mple.com/a",
    ]) {
      const problems = checkRepository(address);
      expect(problems.length).toBeGreaterThan(0);
      expect(problems.join()).not.toContain("canary");
    }
  });

  it.each([
    ["git@github.com:acme/deploy.git", "ssh://git@github.com/acme/deploy.git"],
    ["github.com:acme/deploy.git", "ssh://git@github.com/acme/deploy.git"],
    ["ann@example.com:/srv/git/x", "ssh://ann@example.com/srv/git/x"],
  ])("in the short form %s is refused with the long one", (short, long) => {
    expect(checkRepository(short).join()).toContain(long);
    expect(checkRepository(long)).toEqual([]);
  });

  it("is taken apart", () => {
    expect(parseAddress("ssh://git@example.com:2222/a/b.git")).toEqual({
      scheme: "ssh",
      host: "example.com",
      port: "2222",
      path: "/a/b.git",
    });
  });
});
