import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callApi } from "../../../sandbox/git/index.ts";
import { startGitSsh } from "../../../sandbox/git-ssh/index.ts";
import type { GitSsh } from "../../../sandbox/git-ssh/index.ts";
import { run, tryRun } from "../../../sandbox/processes/index.ts";
import { ensureTools } from "../../../sandbox/toolchain/index.ts";
import type { GitAccess } from "../../../components/ledger/access";
import type { Publication } from "../../../components/ledger/publish";
import {
  BRANCH,
  argsFor,
  commitCount,
  endWorld,
  failureOf,
  filesOf,
  leftovers,
  newDeploy,
  publishIn,
  startWorld,
} from "./support";
import type { Deploy, LedgerWorld } from "./support";

let world: LedgerWorld;
let ssh: GitSsh;

beforeAll(async () => {
  world = await startWorld();
  const { sshd } = await ensureTools(["sshd"]);
  ssh = await startGitSsh(world.dir, { server: world.server, sshd });
});
afterAll(async () => {
  await endWorld(world);
});

const FILES = { "clusters/eu/a.yaml": "a: 1\n" };

interface Key {
  readonly path: string;
  readonly id: number;
}

/** A deploy key, made by ssh-keygen and registered by the API. */
async function newKey(deploy: Deploy, readOnly: boolean): Promise<Key> {
  const path = join(world.dir, `key-${deploy.name}-${readOnly ? "r" : "w"}`);
  await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", path]);
  const body = { title: "test", key: readFileSync(`${path}.pub`, "utf8").trim(), read_only: readOnly };
  const made = await callApi<{ readonly id: number }>(
    world.server,
    "POST",
    `/repos/acme/${deploy.name}/keys`,
    { body },
  );
  expect(made.status).toBe(201);
  return { path, id: made.body.id };
}

function publishBySsh(
  deploy: Deploy,
  access: GitAccess,
  environment: Record<string, string> = {},
): Promise<Publication> {
  const repository = `${ssh.url}acme/${deploy.name}.git`;
  const args = argsFor(deploy, FILES, { repository, access });
  return publishIn(world, args, { environment: { PATH: process.env["PATH"], ...environment } });
}

const byFile = ({ path }: Key): GitAccess => ({
  kind: "ssh-key",
  privateKey: { file: path },
  knownHosts: ssh.knownHosts,
});

describe("a publication by ssh", () => {
  it("works with a deploy key from a file and from the environment, and leaves no key behind", async () => {
    const deploy = await newDeploy(world, "ssh-write");
    const key = await newKey(deploy, false);
    expect((await publishBySsh(deploy, byFile(key))).result).toBe("published");
    const inVariable: GitAccess = {
      kind: "ssh-key",
      privateKey: { variable: "SSH_KEY" },
      knownHosts: ssh.knownHosts,
    };
    const again = await publishBySsh(deploy, inVariable, { SSH_KEY: readFileSync(key.path, "utf8") });
    expect(again.result).toBe("unchanged");
    expect(await filesOf(deploy, BRANCH)).toEqual({ "clusters/eu/a.yaml": "a: 1" });
    expect(await commitCount(deploy, BRANCH)).toBe(1);
    expect(leftovers()).toEqual([]);
  });

  it("works with a key that only the agent has", async () => {
    const deploy = await newDeploy(world, "ssh-agent");
    const key = await newKey(deploy, false);
    const socket = join(world.dir, "agent");
    const started = await run("ssh-agent", ["-a", socket]);
    const pid = Number(/SSH_AGENT_PID=(\d+)/.exec(started)?.[1]);
    try {
      await run("ssh-add", ["-q", key.path], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
      const access: GitAccess = { kind: "ssh-agent", knownHosts: ssh.knownHosts };
      expect((await publishBySsh(deploy, access, { SSH_AUTH_SOCK: socket })).result).toBe("published");
      const error = await failureOf(publishBySsh(deploy, access));
      expect(error.failure).toBe("authentication");
      expect(error.message).toContain("SSH_AUTH_SOCK");
    } finally {
      process.kill(pid, "SIGTERM");
    }
  });

  it("is refused with a read-only key, in a sentence that says so", async () => {
    const deploy = await newDeploy(world, "ssh-read");
    const error = await failureOf(publishBySsh(deploy, byFile(await newKey(deploy, true))));
    expect(error.failure).toBe("permission");
    expect(error.message).toContain("may read and not write");
  });

  it("is refused with another repository's key, and with a key that was removed", async () => {
    const [one, other] = [await newDeploy(world, "ssh-one"), await newDeploy(world, "ssh-other")];
    const key = await newKey(other, false);
    expect((await failureOf(publishBySsh(one, byFile(key)))).failure).toBe("not-found");
    expect((await publishBySsh(other, byFile(key))).result).toBe("published");
    await callApi(world.server, "DELETE", `/repos/acme/ssh-other/keys/${key.id}`);
    expect((await failureOf(publishBySsh(other, byFile(key)))).failure).toBe("authentication");
  });

  it("is refused when the server's host key is not the pinned one, before anything is sent", async () => {
    const deploy = await newDeploy(world, "ssh-host");
    const key = await newKey(deploy, false);
    const other = readFileSync(`${key.path}.pub`, "utf8").split(" ").slice(0, 2).join(" ");
    const access: GitAccess = {
      kind: "ssh-key",
      privateKey: { file: key.path },
      knownHosts: `[127.0.0.1]:${ssh.port} ${other}`,
    };
    const error = await failureOf(publishBySsh(deploy, access));
    expect(error.failure).toBe("authentication");
    expect(error.message).toContain("host key is not among access.knownHosts");
  });

  it("gives a key no shell and no other program", async () => {
    const deploy = await newDeploy(world, "ssh-shell");
    const { path } = await newKey(deploy, false);
    const known = join(world.dir, "known");
    await run("sh", ["-c", 'cat > "$0"', known], { input: ssh.knownHosts });
    const [target = ""] = ssh.url.slice("ssh://".length).split(":");
    const options = [
      "-i",
      path,
      "-o",
      `UserKnownHostsFile=${known}`,
      "-o",
      "IdentitiesOnly=yes",
      "-p",
      String(ssh.port),
    ];
    for (const command of [
      "id",
      "git-upload-pack '/acme/../../etc'",
      "git-receive-pack '/acme/ssh-one.git'",
    ]) {
      const said = await tryRun("ssh", ["-F", "/dev/null", ...options, target, command]);
      expect(said.code).not.toBe(0);
      expect(said.stderr).toContain("ERROR:");
      expect(said.stdout).toBe("");
    }
  });
});
