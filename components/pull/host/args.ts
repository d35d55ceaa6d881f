import { parseAddress } from "../../ledger/location";
import { shown } from "../../manifests";
import { checkPinnedHost } from "./known-hosts";

/** The one deploy key that there is until it is rotated. */
export const DEFAULT_DEPLOY_KEYS: readonly string[] = ["1"];

/** A server that this program sets the agents' access up at. */
export interface GitHubHost {
  readonly kind: "github";
  /**
   * Lines of a known_hosts file for the server: no other host key is taken, and none is learned. GitHub publishes its
   * keys in "GitHub's SSH key fingerprints".
   */
  readonly knownHosts: string;
  /**
   * Names of the agents' deploy keys. The agents use the first; the others are registered still. A key is rotated in
   * two runs of `pulumi up`: with `["2", "1"]` the agents change over, and with `["2"]` the old one is removed.
   * @default {@link DEFAULT_DEPLOY_KEYS}
   */
  readonly keys?: readonly string[];
  /**
   * Whether a ruleset keeps the ledger's branch from being deleted and from having its history rewritten, by anybody.
   * @default false
   */
  readonly protect?: boolean;
}

/** {@link GitHubHost} with every default filled in. */
export interface HostPlan {
  readonly knownHosts: string;
  readonly keys: readonly string[];
  readonly protect: boolean;
  /** Name of the repository, without its owner: that is the provider's. */
  readonly repository: string;
}

/**
 * The ledger is on GitHub, or GitHub Enterprise Server: the agents' read-only deploy key is made and registered in the
 * same `pulumi up`, and so is the webhook when an address is given. It needs the package `@pulumi/github`, whose
 * provider says the owner and has the token.
 *
 * @example
 * flux({ host: github({ knownHosts: "github.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl" }) })
 */
export function github(args: Omit<GitHubHost, "kind">): GitHubHost {
  return { ...args, kind: "github" };
}

const PATH = /^\/([\w.-]+)\/([\w.-]+?)(?:\.git)?\/?$/;

/** @param ledger the ledger's address */
export function resolveHost({ knownHosts, keys, protect }: GitHubHost, ledger: string): HostPlan {
  const repository = PATH.exec(parseAddress(ledger).path)?.[2] ?? "";
  return { knownHosts, keys: keys ?? DEFAULT_DEPLOY_KEYS, protect: protect ?? false, repository };
}

/** The ledger's address as agents with a deploy key reach it. */
export function sshAddress(ledger: string): string {
  const { scheme, host, path } = parseAddress(ledger);
  return scheme === "ssh" ? ledger : `ssh://git@${host}${path}`;
}

const KEY_NAME = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/;

/**
 * Problems of a host, found without asking it.
 *
 * @param address of the repository as the agents reach it
 */
export function checkHost(
  { knownHosts, keys, repository }: HostPlan,
  ledger: string,
  address = sshAddress(ledger),
): string[] {
  const repeated = keys.filter((key, index) => keys.indexOf(key) !== index);
  return [
    ...checkPinnedHost("host.knownHosts", knownHosts, address),
    ...(repository === ""
      ? [`ledger: ${shown(ledger)} is no repository of GitHub; give https://HOST/OWNER/NAME.git`]
      : []),
    ...(keys.length === 0 ? ["host.keys is empty; leave it out, or name the key that the agents use"] : []),
    ...keys
      .filter((key) => !KEY_NAME.test(key))
      .map((key) => `host.keys has ${shown(key)}; give up to 40 small letters, digits and "-"`),
    ...repeated.map((key) => `host.keys has ${shown(key)} twice; name it once`),
  ];
}
