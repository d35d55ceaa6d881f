import { parseAddress } from "../location";
import type { GitAccess } from "./args";
import { checkSecretSource } from "./secrets";

const USERNAME = /^[\w.@+-]{1,100}$/;
const APP = /^[A-Za-z0-9.]{1,40}$/;
const INSTALLATION = /^\d{1,20}$/;
const KNOWN_HOST = /^(?:@cert-authority\s+)?\S+\s+(?:ssh-|ecdsa-|sk-)\S+\s+[A-Za-z0-9+/=]+/;

/** Problems of how a repository is accessed, found without looking up any secret. */
export function checkAccess(access: GitAccess | undefined, repository: string): string[] {
  const overSsh = parseAddress(repository).scheme === "ssh";
  if (access === undefined) {
    return overSsh ? ['access is missing; ssh needs { kind: "ssh-key" | "ssh-agent", knownHosts, … }'] : [];
  }
  return [...checkKind(access), ...checkFit(access, overSsh)];
}

function checkKind(access: GitAccess): string[] {
  switch (access.kind) {
    case "token":
      return [
        ...checkSecretSource("access.token", access.token),
        ...checkText("access.username", access.username, USERNAME),
      ];
    case "github-app":
      return [
        ...checkText("access.app", access.app ?? "", APP),
        ...checkText("access.installation", access.installation, INSTALLATION),
        ...checkSecretSource("access.privateKey", access.privateKey),
        ...checkApi("access.api", access.api),
      ];
    case "ssh-key":
      return [
        ...checkSecretSource("access.privateKey", access.privateKey),
        ...checkKnownHosts("access.knownHosts", access.knownHosts),
      ];
    case "ssh-agent":
      return checkKnownHosts("access.knownHosts", access.knownHosts);
    default:
      return ['access.kind must be "token", "github-app", "ssh-key" or "ssh-agent"'];
  }
}

function checkFit({ kind }: GitAccess, overSsh: boolean): string[] {
  const forSsh = kind === "ssh-key" || kind === "ssh-agent";
  if (forSsh === overSsh) return [];
  return [`access.kind "${kind}" does not go with an address that begins with ${overSsh ? "ssh" : "http"}`];
}

function checkText(field: string, value: string | undefined, form: RegExp): string[] {
  return value === undefined || form.test(value)
    ? []
    : [`${field} has a character that none can have; correct it`];
}

/** Without pinned keys the first server that answers would be believed. */
export function checkKnownHosts(field: string, text: unknown): string[] {
  const lines = typeof text === "string" ? text.split("\n").map((line) => line.trim()) : [];
  const entries = lines.filter((line) => line !== "" && !line.startsWith("#"));
  if (entries.length === 0) {
    return [`${field} is empty; give the server's lines of a known_hosts file, from a source you trust`];
  }
  return entries.every((line) => KNOWN_HOST.test(line))
    ? []
    : [`${field} has a line that is not "HOST TYPE KEY"; give lines of a known_hosts file`];
}

/** An API is spoken to with a token, so it must be encrypted unless it is on this machine. */
export function checkApi(field: string, address: string | undefined): string[] {
  if (address === undefined) return [];
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const loopback = url?.protocol === "http:" && /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url.hostname);
  const plain = url !== undefined && url.username === "" && url.password === "" && url.search === "";
  return plain && (url.protocol === "https:" || loopback)
    ? []
    : [`${field} is no https address without credentials; give the API's address`];
}
