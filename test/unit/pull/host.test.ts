import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { generated } from "../../../components/provider";
import { checkPrivateKey } from "../../../components/pull/credentials";
import { checkHost, github, resolveHost, sshAddress } from "../../../components/pull/host";
import { makeSshKeyPair } from "../../../components/pull/host/key-pair";
import { checkPinnedHost } from "../../../components/pull/host/known-hosts";

/** What ssh itself says is the public half. */
function publicHalf(privateKey: string): string {
  const folder = mkdtempSync(join(tmpdir(), "key-"));
  try {
    writeFileSync(join(folder, "key"), privateKey, { mode: 0o600 });
    return execFileSync("ssh-keygen", ["-y", "-f", join(folder, "key")], { encoding: "utf8" }).trim();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("a key pair that is made here", () => {
  it("is one that ssh reads, with the public half that is registered", () => {
    for (const comment of ["shop/prod/1", "", "a comment of another length"]) {
      const { privateKey, publicKey } = makeSshKeyPair(comment);
      expect(publicHalf(privateKey)).toBe(publicKey.trim());
      expect(publicKey).toMatch(/^ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI\S{43} /);
      expect(checkPrivateKey(privateKey)).toEqual([]);
    }
  });

  it("is another one each time", () => {
    expect(makeSshKeyPair("").publicKey).not.toBe(makeSshKeyPair("").publicKey);
  });
});

describe("a secret that is made once", () => {
  it("is a key for ssh, or a text that nobody guesses", async () => {
    const key = await generated.create({ form: "ssh-key", comment: "shop/prod/1" });
    expect(publicHalf(key.outs.secret)).toBe(key.outs.public);
    const token = await generated.create({ form: "token", comment: "shop/prod" });
    expect(token.outs.secret).toMatch(/^[0-9a-f]{64}$/);
    expect(token.outs.public).toBe("");
    expect(token.outs.secret).not.toContain(token.id);
  });

  it("is kept when only its comment changes", async () => {
    const olds = { form: "ssh-key", comment: "one" } as const;
    expect(await generated.diff("id", olds, { ...olds, comment: "two" })).toMatchObject({
      changes: false,
      replaces: [],
    });
    expect(await generated.diff("id", olds, { ...olds, form: "token" })).toMatchObject({
      replaces: ["form"],
    });
  });
});

const KEY = `ssh-ed25519 ${Buffer.alloc(51).toString("base64")}`;
const REPOSITORY = "ssh://git@git.example.com/acme/deploy.git";

describe("a repository on GitHub", () => {
  const plan = (more: object = {}, ledger = "https://git.example.com/acme/deploy.git") =>
    checkHost(resolveHost(github({ knownHosts: `git.example.com ${KEY}`, ...more }), ledger), ledger);

  it("is reached by its agents over ssh, at the address that the ledger's https address has there", () => {
    expect(sshAddress("https://github.com/acme/deploy.git")).toBe("ssh://git@github.com/acme/deploy.git");
    expect(sshAddress(REPOSITORY)).toBe(REPOSITORY);
    expect(resolveHost(github({ knownHosts: "" }), "https://github.com/acme/deploy.git")).toMatchObject({
      ...{ repository: "deploy", keys: ["1"] },
    });
    expect(plan()).toEqual([]);
  });

  it("has every problem said at once", () => {
    const said = plan({ knownHosts: "", keys: ["A", "2", "2"] }, "https://git.example.com/a/b/c.git").join(
      "\n",
    );
    expect(said).toContain("host.knownHosts is empty");
    expect(said).toContain("is no repository of GitHub; give https://HOST/OWNER/NAME.git");
    expect(said).toContain('host.keys has "A"; give');
    expect(said).toContain('host.keys has "2" twice');
    expect(plan({ keys: [] })).toEqual([
      "host.keys is empty; leave it out, or name the key that the agents use",
    ]);
  });
});

describe("pinned host keys", () => {
  it("are missed where none is of the very server", () => {
    expect(checkPinnedHost("knownHosts", `other.example.com ${KEY}`, REPOSITORY)).toEqual([
      "knownHosts has no line for git.example.com; give that server's, from a source you trust",
    ]);
    const port = "ssh://git@git.example.com:2222/acme/deploy.git";
    expect(checkPinnedHost("knownHosts", `git.example.com ${KEY}`, port)[0]).toContain(
      "[git.example.com]:2222",
    );
  });

  it.each([
    ["the name", "git.example.com"],
    ["one name of several", "other,Git.Example.com"],
    ["a pattern", "*.example.com"],
    ["a hashed name", "|1|c2FsdA==|aGFzaA=="],
  ])("are found by %s", (_what, names) => {
    expect(checkPinnedHost("knownHosts", `# of ours\n${names} ${KEY}\n`, REPOSITORY)).toEqual([]);
  });

  it("are those of a port of its own in brackets", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 65_535 }), (port) => {
        const name = port === 22 ? "git.example.com" : `[git.example.com]:${port}`;
        const address = `ssh://git@git.example.com:${port}/acme/deploy.git`;
        expect(checkPinnedHost("knownHosts", `${name} ${KEY}`, address)).toEqual([]);
      }),
    );
  });
});
