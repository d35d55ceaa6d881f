import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Slower than this for so long counts as broken off, in bytes a second. A server that is at work sends 5 bytes every
 * 5 seconds to show that it is (git-config(1), uploadpack.keepAlive).
 */
const LOW_SPEED_BYTES = 1;
const LOW_SPEED_SECONDS = 60;

/** Where a bare repository is, in a workspace. */
export const repositoryFolder = (workspace: string): string => join(workspace, "repository");
/** Where Git writes down what it was answered over http. */
export const traceFile = (workspace: string): string => join(workspace, "trace");

/**
 * Makes an empty bare repository without starting Git, which would copy templates and hooks.
 * Nothing secret is written here.
 */
export function layOutRepository(workspace: string, address: string): void {
  const folder = repositoryFolder(workspace);
  for (const part of ["objects", "refs"]) mkdirSync(join(folder, part), { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, "HEAD"), "ref: refs/heads/unborn\n", { mode: 0o600 });
  writeSettings(workspace, address);
}

/** Writes the repository's own settings, the only ones that count. */
export function writeSettings(workspace: string, address: string): void {
  writeFileSync(join(repositoryFolder(workspace), "config"), configText(address), { mode: 0o600 });
}

/** Source: git-config(1). Redirects are off, since credentials would be sent along to another server. */
const SECTIONS: Readonly<Record<string, Readonly<Record<string, string | number>>>> = {
  core: {
    repositoryFormatVersion: 0,
    bare: "true",
    hooksPath: "/dev/null",
    attributesFile: "/dev/null",
    excludesFile: "/dev/null",
    fsmonitor: "false",
    logAllRefUpdates: "false",
    // Names come back as they were given, and not in quotes with the numbers of their bytes.
    quotePath: "false",
  },
  protocol: { version: 2, allow: "never" },
  'protocol "https"': { allow: "always" },
  'protocol "ssh"': { allow: "always" },
  http: {
    followRedirects: "false",
    version: "HTTP/1.1",
    lowSpeedLimit: LOW_SPEED_BYTES,
    lowSpeedTime: LOW_SPEED_SECONDS,
  },
  credential: { helper: "" },
  fetch: { unpackLimit: 1, recurseSubmodules: "false" },
  push: { recurseSubmodules: "no", gpgSign: "false" },
  commit: { gpgSign: "false" },
  gc: { auto: 0 },
  maintenance: { auto: "false" },
  submodule: { recurse: "false" },
};

/** The address has passed `checkRepository`: nothing in it needs to be escaped. */
function configText(address: string): string {
  const remote = { 'remote "origin"': { url: address } };
  const plain = address.startsWith("http://") ? { 'protocol "http"': { allow: "always" } } : {};
  return Object.entries({ ...SECTIONS, ...remote, ...plain })
    .flatMap(([name, values]) => [
      `[${name}]`,
      ...Object.entries(values).map(([key, value]) => `${key} = "${value}"`),
    ])
    .join("\n");
}
