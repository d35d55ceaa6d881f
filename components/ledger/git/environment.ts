import { join } from "node:path";
import type { Environment } from "../../environment";
import type { Credential } from "../access";
import { repositoryFolder, traceFile } from "./settings";
import { sshCommand } from "./ssh";

/** What is passed on of the environment; the rest could change what Git does. */
const PASSED = [
  "HTTPS_PROXY",
  "https_proxy",
  "NO_PROXY",
  "no_proxy",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
] as const;

/**
 * Git's own names for the authorities that are trusted: a Git that was built with GnuTLS, as Debian's, knows no other ones.
 * Source: git(1), `GIT_SSL_CAINFO` in git-config(1), http.sslCAInfo.
 */
const AUTHORITIES = { SSL_CERT_FILE: "GIT_SSL_CAINFO", SSL_CERT_DIR: "GIT_SSL_CAPATH" } as const;

/** No settings of anybody, no questions, no content that is fetched by itself. Source: git(1). */
const FIXED = {
  LC_ALL: "C",
  TZ: "UTC",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_ATTR_NOSYSTEM: "1",
  GIT_TERMINAL_PROMPT: "0",
  GIT_ASKPASS: "",
  SSH_ASKPASS: "",
  GIT_NO_LAZY_FETCH: "1",
  GIT_LITERAL_PATHSPECS: "1",
  GIT_TRACE_CURL_NO_DATA: "1",
  GIT_TRACE_REDACT: "1",
};

/** The whole environment of Git's processes. A token is here and nowhere else: in no argument and in no file. */
export function gitEnvironment(
  workspace: string,
  address: string,
  credential: Credential,
  system: Environment,
): Record<string, string> {
  const home = join(workspace, "home");
  return {
    ...passedOn(system),
    ...FIXED,
    PATH: system.PATH ?? "/usr/bin:/bin",
    HOME: home,
    XDG_CONFIG_HOME: home,
    TMPDIR: join(workspace, "tmp"),
    GIT_DIR: repositoryFolder(workspace),
    GIT_TRACE_CURL: traceFile(workspace),
    ...credentialVariables(workspace, address, credential),
    ...(credential.kind === "ssh" && credential.privateKey === undefined ? agentOf(system) : {}),
  };
}

function passedOn(system: Environment): Record<string, string> {
  const pairs: (readonly [string, string | undefined])[] = [
    ...PASSED.map((name) => [name, system[name]] as const),
    ...Object.entries(AUTHORITIES).map(([name, own]) => [own, system[name]] as const),
  ];
  return Object.fromEntries(pairs.filter((pair): pair is readonly [string, string] => pair[1] !== undefined));
}

function agentOf({ SSH_AUTH_SOCK }: Environment): Record<string, string> {
  return SSH_AUTH_SOCK === undefined ? {} : { SSH_AUTH_SOCK };
}

function credentialVariables(
  workspace: string,
  address: string,
  credential: Credential,
): Record<string, string> {
  if (credential.kind === "ssh") return { GIT_SSH_COMMAND: sshCommand(workspace) };
  if (credential.kind === "none") return {};
  const { origin } = new URL(address);
  return {
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: `http.${origin}/.extraHeader`,
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${basic(credential)}`,
  };
}

function basic({ username, token }: { readonly username: string; readonly token: string }): string {
  return Buffer.from(`${username}:${token}`).toString("base64");
}

/** Every form in which the credential could stand in a message. */
export function secretForms(credential: Credential): string[] {
  switch (credential.kind) {
    case "token":
      return [credential.token, basic(credential), encodeURIComponent(credential.token)];
    case "ssh":
      return (
        credential.privateKey?.split("\n").filter((line) => line.length > 16 && !line.startsWith("---")) ?? []
      );
    default:
      return [];
  }
}
