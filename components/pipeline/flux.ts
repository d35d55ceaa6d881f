import { checkSecretSource } from "../ledger/access";
import type { SecretSource } from "../ledger/access";
import { checkPullSettings, resolvePullSettings } from "../pull/args";
import type { PullDeliveryArgs, PullSettings, WebhookArgs } from "../pull/args";
import { checkHost, resolveHost } from "../pull/host";
import type { GitHubHost } from "../pull/host";
import type { SecretReader } from "./secrets";

/** How the agents of an environment may read the ledger, by where each secret is found. */
export type FluxCredentials =
  | {
      readonly kind: "ssh";
      /** Of a read-only deploy key, in OpenSSH's format and without a passphrase. */
      readonly privateKey: SecretSource;
      /** Lines of a known_hosts file for the server: no other host key is taken, and none is learned. */
      readonly knownHosts: string;
    }
  | {
      readonly kind: "token";
      /** It may read the repository and do nothing else. */
      readonly token: SecretSource;
      /** @default "x-access-token" */
      readonly username?: string;
    };

/** How an environment is delivered by Flux. */
export interface FluxArgs extends PullSettings {
  /** @default none: the ledger can be read by everybody */
  readonly credentials?: FluxCredentials;
  /** Where the agents' key and the webhook are registered; see {@link github}. @default none: any Git server works */
  readonly host?: GitHubHost;
  /** Without a `token` one is made, which takes a `host`. @default none */
  readonly webhook?: Omit<WebhookArgs, "token"> & { readonly token?: SecretSource };
  /** Whether the agents set the status of each commit of the ledger at its `host`. @default they do not */
  readonly statuses?: { readonly token: SecretSource };
}

/** How an environment is delivered: agents in its clusters apply what the ledger says. */
export interface FluxMode extends FluxArgs {
  readonly mode: "flux";
}

/**
 * Leaves the clusters to Flux: `pulumi up` publishes to the ledger and returns when the agents have applied it. Flux has
 * to be there; see `FluxAgent`.
 *
 * @example flux({ credentials: { kind: "token", token: { variable: "FLUX_READ_TOKEN" } } })
 */
export function flux(args: FluxArgs = {}): FluxMode {
  return { ...args, mode: "flux" };
}

/** Problems of an environment that Flux delivers. */
export function checkFlux(at: string, mode: FluxMode, repository: string | undefined): string[] {
  if (repository === undefined) return [`${at}: flux() reads from the ledger; give the pipeline a "ledger"`];
  const { credentials, webhook, statuses } = mode;
  const key = credentials?.kind === "ssh" ? credentials.privateKey : credentials?.token;
  return [
    ...checkPullSettings(resolvePullSettings(mode, repository)),
    ...(credentials === undefined ? [] : checkSecretSource("credentials", key)),
    ...(webhook?.token === undefined ? [] : checkSecretSource("webhook.token", webhook.token)),
    ...(statuses === undefined ? [] : checkSecretSource("statuses.token", statuses.token)),
    ...(statuses === undefined || mode.host !== undefined
      ? []
      : ["statuses needs a host; give host: github(…)"]),
    ...(mode.host === undefined
      ? []
      : checkHost(resolveHost(mode.host, repository), repository, mode.repository)),
  ].map((problem) => `${at}: ${problem}`);
}

/** What the program hands to a delivery by agents; the secrets are looked up now. */
export type FluxDelivery = Pick<
  PullDeliveryArgs,
  keyof PullSettings | "credentials" | "host" | "webhook" | "statuses"
>;

export function resolveFlux(mode: FluxMode, read: SecretReader["read"]): FluxDelivery {
  const { credentials, webhook, host, statuses, ...settings } = mode;
  return {
    ...withoutMode(settings),
    ...(credentials === undefined ? {} : { credentials: withSecret(credentials, read) }),
    ...(host === undefined ? {} : { host }),
    ...(webhook === undefined ? {} : { webhook: webhookWithToken(webhook, read) }),
    ...(statuses === undefined ? {} : { statuses: { token: read("statuses.token", statuses.token) } }),
  };
}

function withoutMode({
  interval,
  healInterval,
  retryInterval,
  timeout,
  repository,
  teardown,
  secrets,
  sources,
}: PullSettings): PullSettings {
  const named = { interval, healInterval, retryInterval, timeout, repository, teardown, secrets, sources };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
}

function webhookWithToken(
  { token, ...webhook }: NonNullable<FluxArgs["webhook"]>,
  read: SecretReader["read"],
): WebhookArgs {
  return { ...webhook, ...(token === undefined ? {} : { token: read("webhook.token", token) }) };
}

function withSecret(
  credentials: FluxCredentials,
  read: SecretReader["read"],
): NonNullable<PullDeliveryArgs["credentials"]> {
  switch (credentials.kind) {
    case "ssh":
      return {
        kind: "ssh",
        privateKey: read("credentials.privateKey", credentials.privateKey),
        knownHosts: credentials.knownHosts,
      };
    case "token": {
      const { username } = credentials;
      return {
        kind: "token",
        token: read("credentials.token", credentials.token),
        ...(username === undefined ? {} : { username }),
      };
    }
    default:
      return credentials satisfies never;
  }
}
