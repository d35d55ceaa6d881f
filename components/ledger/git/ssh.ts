import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Credential } from "../access";

const CONNECT_SECONDS = 20;

/** What Git starts ssh with. */
export const sshCommand = (workspace: string): string => `ssh -F ${quoted(settingsFile(workspace))}`;

const settingsFile = (workspace: string): string => join(workspace, "ssh_config");

/** Writes what ssh needs. With a file of its own, ssh reads neither the user's nor the system's settings. */
export function layOutSsh(workspace: string, credential: Credential): void {
  if (credential.kind !== "ssh") return;
  const key = join(workspace, "key");
  const knownHosts = join(workspace, "known_hosts");
  writeFileSync(knownHosts, `${credential.knownHosts.trim()}\n`, { mode: 0o600 });
  if (credential.privateKey !== undefined)
    writeFileSync(key, `${credential.privateKey.trim()}\n`, { mode: 0o600 });
  const identity =
    credential.privateKey === undefined
      ? ["IdentityFile none", "IdentityAgent SSH_AUTH_SOCK"]
      : [`IdentityFile ${sshPath(key)}`, "IdentitiesOnly yes", "IdentityAgent none"];
  const lines = [
    "BatchMode yes",
    "StrictHostKeyChecking yes",
    "UpdateHostKeys no",
    `UserKnownHostsFile ${sshPath(knownHosts)}`,
    "GlobalKnownHostsFile /dev/null",
    "PreferredAuthentications publickey",
    "ForwardAgent no",
    "ClearAllForwardings yes",
    `ConnectTimeout ${CONNECT_SECONDS}`,
    "ServerAliveInterval 15",
    "ServerAliveCountMax 4",
    ...identity,
  ];
  writeFileSync(settingsFile(workspace), `${lines.join("\n")}\n`, { mode: 0o600 });
}

/** ssh_config(5) expands "%" and takes quotes around a name with spaces. */
function sshPath(path: string): string {
  return `"${path.replaceAll("%", "%%")}"`;
}

/** For the shell that Git starts ssh with: the folder's name comes from TMPDIR. */
function quoted(path: string): string {
  return `'${path.replaceAll("'", `'\\''`)}'`;
}
