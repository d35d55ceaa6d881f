import { checkSecretSource } from "../ledger/access";
import type { SecretSource } from "../ledger/access";
import { shown } from "../manifests";
import type { Kind } from "../manifests/rules";
import { checkPullSettings, resolvePullSettings } from "../pull/args";
import type { PullDeliveryArgs, PullSettings, WebhookArgs } from "../pull/args";
import { checkHost, resolveHost } from "../pull/host";
import type { GitHubHost } from "../pull/host";
import { checkKinds } from "../pull/sources";
import type { PullSources } from "../pull/sources";
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
export interface FluxArgs extends Omit<PullSettings, "sources"> {
  /**
   * Which stack tells the agents where to read. `"here"`: the environment's own. `"agents"`: the stack that installs them, by
   * what is said here of credentials, host, webhook and statuses; the environment's stack publishes and watches, and changes
   * nothing in a cluster. `"elsewhere"`: one with a `FluxSource` of yours.
   * @default {@link DEFAULT_PULL_SOURCES}
   */
  readonly sources?: PullSources | "agents";
  /**
   * With `sources: "agents"`, what the environment's account may change in its namespace. The record's ConfigMap needs no
   * naming. A kind stays here as long as an environment runs it.
   * @example [{ apiVersion: "apps/v1", kind: "Deployment" }, { apiVersion: "v1", kind: "Service" }]
   */
  readonly kinds?: readonly Kind[];
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
    ...checkPullSettings(resolvePullSettings({ ...settingsOf(mode), ...hostOf(mode) }, repository)),
    ...checkSources(mode),
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

const SOURCES: readonly unknown[] = [undefined, "here", "agents", "elsewhere"];

function checkSources({ sources, kinds, secrets = "refuse" }: FluxMode): string[] {
  if (!SOURCES.includes(sources))
    return [`sources is ${shown(sources)}; give "here", "agents" or "elsewhere"`];
  if (sources !== "agents")
    return kinds === undefined ? [] : ['kinds is given, and sources is not "agents"; leave one of them out'];
  const isHere = secrets === "refuse" ? [] : [`secrets is ${shown(secrets)}, which needs sources: "here"`];
  return [...checkKinds(kinds), ...isHere];
}

/** Whether the stack `agents` tells the agents where to read. */
export const isToldByAgents = ({ sources }: Pick<FluxMode, "sources">): boolean => sources === "agents";

/** What an account has to be able to change: also the record, which every release has beside its manifests. */
export function grantedKinds({ kinds = [] }: Pick<FluxMode, "kinds">): readonly Kind[] {
  return [...kinds, { apiVersion: "v1", kind: "ConfigMap" }];
}

/** What the program of the environment hands to its delivery; the secrets are looked up now. */
export type FluxDelivery = FluxReading & Pick<PullDeliveryArgs, keyof PullSettings | "kinds">;

export function resolveFlux(mode: FluxMode, read: SecretReader["read"]): FluxDelivery {
  if (!isToldByAgents(mode)) return { ...settingsOf(mode), ...resolveReading(mode, read) };
  return { ...settingsOf(mode), kinds: grantedKinds(mode) };
}

/** What agents read with, and what is set up for that at the repository's host. */
export type FluxReading = Pick<PullDeliveryArgs, "credentials" | "host" | "webhook" | "statuses">;

export function resolveReading(mode: FluxMode, read: SecretReader["read"]): FluxReading {
  const { credentials, webhook, statuses } = mode;
  return {
    ...(credentials === undefined ? {} : { credentials: withSecret(credentials, read) }),
    ...hostOf(mode),
    ...(webhook === undefined ? {} : { webhook: webhookWithToken(webhook, read) }),
    ...(statuses === undefined ? {} : { statuses: { token: read("statuses.token", statuses.token) } }),
  };
}

function hostOf({ host }: FluxMode): Pick<FluxMode, "host"> {
  return host === undefined ? {} : { host };
}

/** Those of the environment's own stack. */
function settingsOf(mode: FluxMode): PullSettings {
  const { repository, teardown, secrets } = mode;
  const sources = mode.sources === "agents" ? "elsewhere" : mode.sources;
  return { ...timesOf(mode), ...given<PullSettings>({ repository, teardown, secrets, sources }) };
}

type Times = Pick<PullSettings, "interval" | "healInterval" | "retryInterval" | "timeout">;

/** How often agents look, heal and try again, and how long a release may take. */
export function timesOf({ interval, healInterval, retryInterval, timeout }: Times): Times {
  return given<Times>({ interval, healInterval, retryInterval, timeout });
}

/** Those that have a value: a field that is not given is left to its default. */
function given<T extends object>(fields: { readonly [Field in keyof T]: T[Field] | undefined }): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
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
