import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run, tryRun } from "../../../sandbox/processes/index.ts";
import {
  BRANCH,
  argsFor,
  endWorld,
  failureOf,
  git,
  leftovers,
  newDeploy,
  publishIn,
  runtimeOf,
  startWorld,
} from "./support";
import type { LedgerWorld } from "./support";

let world: LedgerWorld;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => endWorld(world));

const FILES = { "clusters/eu/a.yaml": "a: 1\n" };
const author = { name: "Delivery Bot", email: "bot@example.com" };

describe("a signed commit", () => {
  it("by an ssh key is verified by Git against the allowed signers", async () => {
    const deploy = await newDeploy(world, "signed-ssh");
    const key = join(world.dir, "signing");
    await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", key]);
    const environment = { ...runtimeOf(world).environment, SIGNING_KEY: readFileSync(key, "utf8") };
    const signing = { kind: "ssh", privateKey: { variable: "SIGNING_KEY" } } as const;
    await publishIn(world, argsFor(deploy, FILES, { signing, author }), { environment });
    const signers = join(world.dir, "signers");
    writeFileSync(signers, `bot@example.com ${readFileSync(`${key}.pub`, "utf8")}`);
    const verify = ["-c", `gpg.ssh.allowedSignersFile=${signers}`, "verify-commit", "--raw", BRANCH];
    const said = await tryRun("git", ["--git-dir", deploy.bare, ...verify]);
    expect(said.stderr).toContain('Good "git" signature for bot@example.com');
    expect(await git(deploy, "log", "-1", "--format=%an <%ae> / %cn", BRANCH)).toBe(
      "Delivery Bot <bot@example.com> / Delivery Bot",
    );
    expect(leftovers()).toEqual([]);
  });

  it("by a key that is none is refused, and nothing is published", async () => {
    const deploy = await newDeploy(world, "signed-none");
    const environment = { ...runtimeOf(world).environment, SIGNING_KEY: "canary-no-key" };
    const signing = { kind: "ssh", privateKey: { variable: "SIGNING_KEY" } } as const;
    const error = await failureOf(publishIn(world, argsFor(deploy, FILES, { signing }), { environment }));
    expect(error.message).toContain("could not be signed");
    expect(error.message).not.toContain("canary");
    expect(await git(deploy, "for-each-ref")).toBe("");
  });

  it("by a gpg key is verified by Git with its public half", async () => {
    const deploy = await newDeploy(world, "signed-gpg");
    const home = join(world.dir, "gnupg");
    mkdirSync(home, { mode: 0o700 });
    const env = { PATH: process.env["PATH"], GNUPGHOME: home };
    try {
      await run(
        "gpg",
        [
          "--batch",
          "--passphrase",
          "",
          "--quick-gen-key",
          "Delivery Bot <bot@example.com>",
          "ed25519",
          "sign",
        ],
        { env },
      );
      const listed = await run("gpg", ["--batch", "--with-colons", "--list-secret-keys"], { env });
      const key = /^fpr:+([0-9A-F]{40}):/m.exec(listed)?.[1] ?? "";
      await publishIn(world, argsFor(deploy, FILES, { signing: { kind: "gpg", key, home }, author }));
      const said = await tryRun("git", ["--git-dir", deploy.bare, "verify-commit", BRANCH], { env });
      expect(said.stderr).toContain("Good signature");
    } finally {
      await tryRun("gpgconf", ["--kill", "all"], { env });
    }
  });
});
