import { shown } from "../../manifests";

/** A Git repository's address, taken apart. It never has a password. */
export interface RepositoryAddress {
  readonly scheme: "https" | "http" | "ssh";
  readonly host: string;
  readonly port: string;
  /** Begins with "/". */
  readonly path: string;
}

/** Host names, IPv4 addresses, and IPv6 addresses in brackets. None can look like an option. */
const HOST = String.raw`[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\]`;
const ADDRESS = new RegExp(
  String.raw`^(https|http|ssh)://(?:[A-Za-z0-9][\w.-]*@)?(${HOST})(?::(\d{1,5}))?(/[\w.~%+@/-]+)$`,
);
const SCP_FORM = /^(?:([\w.-]+)@)?([\w.-]+):(?!\/\/)([\w.~/-]+)$/;
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;
const CONTROL = /[\0-\x20\x7f]|%(?:[01][0-9a-f]|7f)/i;
const MAX_ADDRESS_LENGTH = 2000;
const MAX_PORT = 65_535;

/** The parts of an address that {@link checkRepository} finds no problem in. */
export function parseAddress(address: string): RepositoryAddress {
  const [, scheme, host = "", port = "", path = ""] = ADDRESS.exec(address) ?? [];
  return { scheme: scheme as RepositoryAddress["scheme"], host, port, path };
}

/**
 * Problems of a repository's address. Only `https`, `ssh`, and `http` to this machine are taken: Git's other
 * transports run programs or read files. A message never repeats what may be a credential.
 */
export function checkRepository(address: unknown): string[] {
  if (typeof address !== "string" || address === "" || address.length > MAX_ADDRESS_LENGTH) {
    return [
      `repository is ${typeof address === "string" ? `${address.length} characters long` : typeof address}; give an https or ssh address`,
    ];
  }
  const problems = checkCredentials(address);
  if (CONTROL.test(address)) {
    problems.push("repository has a space, a line break or another control character; remove it");
  }
  return problems.length > 0 ? problems : checkForm(address);
}

/** A user's name alone is fine for ssh, where it is no secret; for http it may be a token. */
function checkCredentials(address: string): string[] {
  const [, scheme = "", user = ""] = /^([a-z+]+):\/*([^/]*)@/i.exec(address) ?? [];
  const isLogin = scheme.toLowerCase() === "ssh" && !user.includes(":");
  if (user === "" || isLogin) return [];
  return ['repository has credentials in it; remove them and name where they come from in "access"'];
}

function checkForm(address: string): string[] {
  const scp = SCP_FORM.exec(address);
  if (scp !== null && !address.includes("::")) {
    const [, user = "git", host = "", path = ""] = scp;
    return [
      `repository is ${shown(address)}, the short form of an ssh address; write ssh://${user}@${host}/${path.replace(/^\/+/, "")}`,
    ];
  }
  const { scheme, host, port, path } = parseAddress(address);
  if (scheme === undefined) {
    const scheme = /^[\w+.-]*::?/.exec(address)?.[0] ?? "none";
    return [
      `repository is no address that is taken (it begins with ${shown(scheme)}); give https://… or ssh://…`,
    ];
  }
  return [...checkTransport(scheme, host, port), ...checkAddressPath(path)];
}

function checkTransport(scheme: string, host: string, port: string): string[] {
  const problems: string[] = [];
  if (scheme === "http" && !LOOPBACK.test(host)) {
    problems.push("repository is http, which everybody on the way can read and change; use https");
  }
  if (Number(port) > MAX_PORT) problems.push(`repository has port ${port}; a port is ${MAX_PORT} at most`);
  return problems;
}

function checkAddressPath(path: string): string[] {
  const parts = path.split("/").slice(1);
  if (parts.every((part) => part !== "." && part !== ".." && !/%2e|%2f|%00/i.test(part))) return [];
  return ['repository has "." or ".." in its path; write the path without them'];
}
