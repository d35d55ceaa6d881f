import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { checkCredentials, checkPrivateKey } from "../../../components/pull/credentials";
import { makeSshKeyPair } from "../../../components/pull/host/key-pair";

const dir = mkdtempSync(join(tmpdir(), "keys-"));
afterAll(() => rmSync(dir, { recursive: true }));

const pem = (bits: number): string =>
  generateKeyPairSync("rsa", { modulusLength: bits }).privateKey.export({
    type: "pkcs1",
    format: "pem",
  }) as string;

/** As ssh-keygen writes it. */
function openSsh(type: string, bits: number): string {
  const path = join(dir, `${type}-${bits}`);
  execFileSync("ssh-keygen", ["-q", "-t", type, "-b", String(bits), "-N", "", "-C", "test", "-f", path]);
  return readFileSync(path, "utf8");
}
const ADDRESS = "ssh://git@git.example.com/acme/deploy.git";
const knownHosts = `git.example.com ssh-ed25519 ${Buffer.alloc(51).toString("base64")}`;

describe("the key of an agent", () => {
  it("is refused when it is of RSA with fewer than 3072 bits, in either format, with what to make instead", () => {
    for (const privateKey of [pem(2048), openSsh("rsa", 2048)]) {
      const [said = "", ...more] = checkCredentials({ kind: "ssh", privateKey, knownHosts }, ADDRESS);
      expect([said, more]).toEqual([
        expect.stringContaining("is an RSA key of 2048 bits; make an ed25519 one"),
        [],
      ]);
      expect(said).not.toContain(privateKey.split("\n")[1]);
    }
  });

  it("is taken when it is longer, or of ed25519", () => {
    const keys = [
      pem(3072),
      openSsh("rsa", 3072),
      openSsh("ed25519", 256),
      makeSshKeyPair("test").privateKey,
    ];
    for (const key of keys) expect(checkPrivateKey(key)).toEqual([]);
  });
});
