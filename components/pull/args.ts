import type * as pulumi from "@pulumi/pulumi";
import { checkRepository } from "../ledger/location";
import { shown } from "../manifests";
import type { Kind } from "../manifests/rules";
import { checkPush, resolvePush } from "../push/args";
import type { PushDeliveryArgs, PushTargets } from "../push/args";
import type { LedgerArgs, RecordedPlan } from "../push/ledger";
import type { OnUnreachable } from "../push/unreachable";
import { checkCredentials } from "./credentials";
import type { PullCredentials } from "./credentials";
import { checkDuration } from "./duration";
import type { Duration } from "./duration";
import type { ReceiverType } from "./flux/receiver";
import { checkHost, resolveHost, sshAddress } from "./host/args";
import type { GitHubHost, HostPlan } from "./host/args";
import { pullName } from "./name";
import { checkPullSecrets, DEFAULT_PULL_SECRETS } from "./secrets/args";
import type { PullSecrets } from "./secrets/args";
import { checkPullSources, DEFAULT_PULL_SOURCES } from "./sources";
import type { PullSources } from "./sources";
import { DEFAULT_PULL_TEARDOWN } from "./sync/inputs";
import type { PullTeardown } from "./sync/inputs";

/** How often an agent looks for a new commit. It is asked at once by `pulumi up`, so this is for what others publish. */
export const DEFAULT_PULL_INTERVAL: Duration = "1m";
/** How often an agent puts right what others have changed in the cluster. */
export const DEFAULT_HEAL_INTERVAL: Duration = "5m";
/** How soon an agent tries a failed release again. */
export const DEFAULT_RETRY_INTERVAL: Duration = "30s";
/** How long a release may take to be healthy. */
export const DEFAULT_PULL_TIMEOUT: Duration = "5m";
/** Below this an agent would ask the server without a pause. */
const LEAST_INTERVAL: Duration = "5s";

/** Where a repository's server sends a request to when something was pushed. */
export interface WebhookArgs {
  /**
   * The agents' receiver as the server reaches it, an https address without a path; by cluster, where each has its own.
   * @example { eu: "https://flux.eu.example.com", us: "https://flux.us.example.com" }
   */
  readonly url: string | Readonly<Record<string, string>>;
  /**
   * What the server signs with, and the agent checks. It is kept as a secret.
   * @default one that is made here, when there is a `host`
   */
  readonly token?: pulumi.Input<string>;
  /** @default "github" with a `host`; else "generic-hmac": HMAC of the body, in the header `X-Signature` */
  readonly type?: ReceiverType;
}

/** With what the agents say of commits how it went. */
export interface StatusesArgs {
  /** It may write statuses of commits and do nothing else. It is kept as a secret. */
  readonly token: pulumi.Input<string>;
}

/** How often and how long, and as whom. */
export interface PullSettings {
  /** @default {@link DEFAULT_PULL_INTERVAL} */
  readonly interval?: Duration;
  /** @default {@link DEFAULT_HEAL_INTERVAL} */
  readonly healInterval?: Duration;
  /** @default {@link DEFAULT_RETRY_INTERVAL} */
  readonly retryInterval?: Duration;
  /** @default {@link DEFAULT_PULL_TIMEOUT} */
  readonly timeout?: Duration;
  /**
   * Address of the repository as the agents reach it, `ssh://…` or `https://…`.
   * @default the ledger's; with a `host`, the same one over ssh
   */
  readonly repository?: string;
  /** @default {@link DEFAULT_PULL_TEARDOWN} */
  readonly teardown?: PullTeardown;
  /** What becomes of Secrets that are among the manifests. @default {@link DEFAULT_PULL_SECRETS} */
  readonly secrets?: PullSecrets;
  /** @default {@link DEFAULT_PULL_SOURCES} */
  readonly sources?: PullSources;
}

/** What is delivered by agents, to which clusters, and by way of which repository. */
export type PullDeliveryArgs = PushTargets &
  Omit<PushDeliveryArgs, "ledger" | "waves" | "clusters" | "force" | "onUnreachable"> &
  PullSettings & {
    /**
     * What becomes of the delivery when a cluster cannot be asked what its agent has done. What is published for it stays
     * so, and its agent takes it when it can. `"fail"`: an error, in whichever wave it is. `"skip"`: a warning, and the next
     * wave begins without it.
     * @default a warning in the last wave, an error in one that others come after
     */
    readonly onUnreachable?: OnUnreachable | undefined;
    /** Where the agents read from, and where this publishes to. */
    readonly ledger: LedgerArgs;
    /** How the agents may read the repository. @default none: it is public */
    readonly credentials?: PullCredentials;
    /** Where the agents' key and the webhook are registered; see {@link github}. @default none: any Git server works */
    readonly host?: GitHubHost;
    /** @default none: the agents look at intervals, and when `pulumi up` asks them to */
    readonly webhook?: WebhookArgs;
    /** Whether the agents set the status of each commit of the ledger at its `host`. @default they do not */
    readonly statuses?: StatusesArgs;
    /**
     * With `sources: "elsewhere"`, the kinds that the `FluxSource` lets its account change: another one among the manifests
     * is an error in the preview.
     * @default they are not looked at
     */
    readonly kinds?: readonly Kind[];
  };

/** {@link WebhookArgs} with every default filled in. */
export interface WebhookPlan {
  /** Address of the receiver, by cluster. */
  readonly urls: Readonly<Record<string, string>>;
  /** Empty until it is made. */
  readonly token: pulumi.Input<string>;
  readonly type: ReceiverType;
}

/** {@link PullDeliveryArgs} with every default filled in. */
export interface PullDeliveryPlan {
  /** What is delivered and where, as in a push. */
  readonly content: RecordedPlan;
  /** Name of what is made for the stack in its namespace. */
  readonly name: string;
  readonly settings: Required<PullSettings>;
  readonly credentials: PullCredentials | undefined;
  readonly host: HostPlan | undefined;
  readonly webhook: WebhookPlan | undefined;
  readonly statuses: StatusesArgs | undefined;
  readonly onUnreachable: OnUnreachable | undefined;
  readonly kinds: readonly Kind[] | undefined;
  /** The one cluster that credentials are made for. @default all of them */
  readonly only?: string;
}

export function resolvePull(name: string, args: PullDeliveryArgs): PullDeliveryPlan {
  const content = resolvePush(name, args as PushDeliveryArgs);
  const { webhook, host, ledger } = args;
  const clusters = content.waves.flatMap((wave) => wave.clusters.map((cluster) => cluster.name));
  return {
    content: { ...content, ledger },
    name: pullName(content.app),
    settings: resolvePullSettings(args, ledger?.repository),
    credentials: args.credentials,
    host: host === undefined ? undefined : resolveHost(host, ledger?.repository ?? ""),
    webhook: webhook === undefined ? undefined : resolveWebhook(webhook, clusters, host),
    statuses: args.statuses,
    ...{ onUnreachable: args.onUnreachable, kinds: args.kinds },
  };
}

function resolveWebhook(
  { url, token, type }: WebhookArgs,
  clusters: readonly string[],
  host: GitHubHost | undefined,
): WebhookPlan {
  const urls = typeof url === "object" ? url : Object.fromEntries(clusters.map((cluster) => [cluster, url]));
  return { urls, token: token ?? "", type: type ?? host?.kind ?? "generic-hmac" };
}

/** @param ledger the ledger's address */
export function resolvePullSettings(
  args: PullSettings & Pick<PullDeliveryArgs, "host">,
  ledger: string,
): Required<PullSettings> {
  return {
    interval: args.interval ?? DEFAULT_PULL_INTERVAL,
    healInterval: args.healInterval ?? DEFAULT_HEAL_INTERVAL,
    retryInterval: args.retryInterval ?? DEFAULT_RETRY_INTERVAL,
    timeout: args.timeout ?? DEFAULT_PULL_TIMEOUT,
    repository: args.repository ?? (args.host === undefined ? ledger : sshAddress(ledger)),
    teardown: args.teardown ?? DEFAULT_PULL_TEARDOWN,
    secrets: args.secrets ?? DEFAULT_PULL_SECRETS,
    sources: args.sources ?? DEFAULT_PULL_SOURCES,
  };
}

/** Kubernetes keeps the Kustomization's name in a label of every object. Source: Kubernetes, "Labels and Selectors". */
const MAX_NAME_LENGTH = 63;

/** Problems of a delivery by agents, found before anything is declared. */
export function checkPull(plan: PullDeliveryPlan): string[] {
  const { content, name } = plan;
  if (content.ledger === undefined) return ['ledger is missing; agents read from it: name its "repository"'];
  const long = name.length > MAX_NAME_LENGTH;
  return [
    ...checkPush(content),
    ...(long
      ? [`app makes the name ${shown(name)}, which has over ${MAX_NAME_LENGTH} characters; shorten it`]
      : []),
    ...checkPullSettings(plan.settings),
    ...checkPullSources(plan),
    ...(plan.settings.sources === "elsewhere" ? [] : checkReading(plan)),
    ...checkWebhook(plan),
    ...checkStatuses(plan),
  ];
}

/** Problems of how the agents may read: by a key that is registered for them, or by what they are given. */
function checkReading({ host, credentials, settings, content }: PullDeliveryPlan): string[] {
  if (host === undefined) return checkCredentials(credentials, settings.repository);
  const both =
    credentials === undefined ? [] : ["credentials and host are both given; leave one of them out"];
  const overSsh = settings.repository.startsWith("ssh:");
  return [
    ...both,
    ...checkHost(host, content.ledger.repository, settings.repository),
    ...(overSsh ? [] : [`repository is ${shown(settings.repository)}; a host's key needs an ssh address`]),
  ];
}

/** Problems of the settings alone. */
export function checkPullSettings(settings: Required<PullSettings>): string[] {
  const { interval, healInterval, retryInterval, timeout, teardown } = settings;
  return [
    ...checkDuration("interval", interval, LEAST_INTERVAL),
    ...checkDuration("healInterval", healInterval, LEAST_INTERVAL),
    ...checkDuration("retryInterval", retryInterval, LEAST_INTERVAL),
    ...checkDuration("timeout", timeout),
    ...checkRepository(settings.repository),
    ...(teardown === "orphan" || teardown === "delete" ? [] : ['teardown must be "orphan" or "delete"']),
    ...checkPullSecrets(settings.secrets),
  ];
}

function checkStatuses({ statuses, host }: PullDeliveryPlan): string[] {
  if (statuses === undefined) return [];
  return [
    ...(host === undefined ? ["statuses needs a host, whose commits it is about; give host: github(…)"] : []),
    ...(statuses.token === "" || statuses.token === undefined
      ? ["statuses.token is missing; give one that may write statuses of commits, as a secret"]
      : []),
  ];
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

function checkWebhook({ webhook, host, content }: PullDeliveryPlan): string[] {
  if (webhook === undefined) return [];
  const { urls, token } = webhook;
  const clusters = content.waves.flatMap((wave) => wave.clusters.map(({ name }) => name));
  const needed = host === undefined && token === "";
  return [
    ...[...new Set(Object.values(urls))]
      .filter((url) => !isReceiver(url))
      .map((url) => `webhook.url is ${shown(url)}; give the https address of the receiver, without a path`),
    ...clusters
      .filter((name) => urls[name] === undefined)
      .map((name) => `webhook.url has none for cluster ${shown(name)}; give its receiver's address`),
    ...Object.keys(urls)
      .filter((name) => !clusters.includes(name))
      .map((name) => `webhook.url has ${shown(name)}, which is no cluster of this delivery; remove it`),
    ...(needed ? ["webhook.token is missing; give the one that the server signs with, as a secret"] : []),
  ];
}

function isReceiver(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const safe = url?.protocol === "https:" || (url?.protocol === "http:" && LOOPBACK.test(url.hostname));
  return url !== undefined && safe && url.username === "" && url.pathname === "/";
}
