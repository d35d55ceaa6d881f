import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import type { GitServer } from "../git/index.ts";
import { accepts, freePort, run, startService, stopService } from "../processes/index.ts";

/** Name of the server's process record and log. */
export const GIT_SSH_SERVICE = "git-ssh";
/** Where Debian's openssh-server has it. sshd has to be started by its absolute path. */
export const DEFAULT_SSHD = "/usr/sbin/sshd";
/** Where sshd locks itself in as root; its package's service makes the folder, and we do not start that. */
const PRIVILEGE_SEPARATION_FOLDER = "/run/sshd";

export interface GitSshOptions {
  /** Whose repositories and deploy keys are served. */
  readonly server: Pick<GitServer, "root">;
  /** @default {@link DEFAULT_SSHD} */
  readonly sshd?: string;
}

/** A running server; plain data. */
export interface GitSsh {
  readonly port: number;
  /** "ssh://USER@127.0.0.1:PORT/": repositories are at OWNER/NAME.git below it. */
  readonly url: string;
  /** Lines of a known_hosts file. */
  readonly knownHosts: string;
}

/**
 * Serves the sandbox's repositories by ssh on a loopback port, to their deploy keys and nobody else. Port and host
 * key are kept in `dir/git-ssh`.
 *
 * @param dir the sandbox's folder
 * @throws when openssh-server is not installed, or the server is not ready in time
 */
export async function startGitSsh(dir: string, options: GitSshOptions): Promise<GitSsh> {
  const sshd = options.sshd ?? DEFAULT_SSHD;
  if (!existsSync(sshd)) throw new Error(`${sshd} is missing; install the Debian package openssh-server.`);
  const folder = join(dir, "git-ssh");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (userInfo().uid === 0) mkdirSync(PRIVILEGE_SEPARATION_FOLDER, { recursive: true, mode: 0o755 });
  const hostKey = await settleHostKey(folder);
  const port = await settlePort(folder);
  writeFileSync(join(folder, "keys.sh"), keysScript(options.server.root), { mode: 0o700 });
  writeFileSync(join(folder, "sshd_config"), configText(folder, port), { mode: 0o600 });
  await startService(dir, {
    name: GIT_SSH_SERVICE,
    command: sshd,
    args: ["-D", "-e", "-f", join(folder, "sshd_config")],
    env: { PATH: process.env["PATH"] ?? "/usr/bin:/bin" },
    ready: () => accepts(port),
  });
  const url = `ssh://${userInfo().username}@127.0.0.1:${port}/`;
  return { port, url, knownHosts: `[127.0.0.1]:${port} ${hostKey}\n` };
}

export async function stopGitSsh(dir: string): Promise<void> {
  await stopService(dir, GIT_SSH_SERVICE);
}

/** The public half, "ssh-ed25519 AAAA…". */
async function settleHostKey(folder: string): Promise<string> {
  const path = join(folder, "host_key");
  if (!existsSync(path))
    await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "sandbox", "-f", path]);
  return readFileSync(`${path}.pub`, "utf8").split(" ").slice(0, 2).join(" ");
}

async function settlePort(folder: string): Promise<number> {
  const path = join(folder, "port");
  if (!existsSync(path)) writeFileSync(path, String(await freePort()), { mode: 0o600 });
  return Number(readFileSync(path, "utf8"));
}

/** sshd wants a command whose folders only root can write to, so it is given the shell and this script. */
function keysScript(root: string): string {
  const words = [process.execPath, "--no-warnings", join(import.meta.dirname, "authorized-keys.ts"), root];
  return `exec ${words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ")} "$@"\n`;
}

/** Source: sshd_config(5). `StrictModes` would refuse a sandbox below a folder that others can write to. */
function configText(folder: string, port: number): string {
  const { username } = userInfo();
  const lines = [
    "ListenAddress 127.0.0.1",
    `Port ${port}`,
    `HostKey "${join(folder, "host_key")}"`,
    "PidFile none",
    "StrictModes no",
    "UsePAM no",
    `AllowUsers ${username}`,
    "PermitRootLogin forced-commands-only",
    "AuthenticationMethods publickey",
    "PasswordAuthentication no",
    "AuthorizedKeysFile none",
    `AuthorizedKeysCommand /bin/sh "${join(folder, "keys.sh")}" %t %k`,
    `AuthorizedKeysCommandUser ${username}`,
    "AcceptEnv GIT_PROTOCOL",
    "AllowTcpForwarding no",
    "PermitTTY no",
    "PrintMotd no",
    "MaxStartups 200:30:400",
  ];
  return `${lines.join("\n")}\n`;
}
