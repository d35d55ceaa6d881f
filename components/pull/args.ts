import type * as pulumi from "@pulumi/pulumi";
import { checkRepository } from "../ledger/location";
import { shown } from "../manifests";
import { checkPush, resolvePush } from "../push/args";
import type { PushDeliveryArgs, PushTargets } from "../push/args";
import type { LedgerArgs, RecordedPlan } from "../push/ledger";
import { checkCredentials } from "./credentials";
import type { PullCredentials } from "./credentials";
import { checkDuration } from "./duration";
import type { Duration } from "./duration";
import type { ReceiverType } from "./flux/receiver";
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
  /** The agent's receiver as the server reaches it, an https address without a path. */
  readonly url: string;
  /** What the server signs with, and the agent checks. It is kept as a secret. */
  readonly token: pulumi.Input<string>;
  /** @default "generic-hmac": HMAC of the body, in the header `X-Signature` */
  readonly type?: ReceiverType;
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
   * @default the ledger's
   */
  readonly repository?: string;
  /** @default {@link DEFAULT_PULL_TEARDOWN} */
  readonly teardown?: PullTeardown;
}

export type PullDeliveryArgs = PushTargets &
  Omit<PushDeliveryArgs, "ledger" | "waves" | "clusters"> &
  PullSettings & {
    /** Where the agents read from, and where this publishes to. */
    readonly ledger: LedgerArgs;
    /** How the agents may read the repository. @default none: it is public */
    readonly credentials?: PullCredentials;
    /** @default none: the agents look at intervals, and when `pulumi up` asks them to */
    readonly webhook?: WebhookArgs;
  };

/** {@link PullDeliveryArgs} with every default filled in. */
export interface PullDeliveryPlan {
  /** What is delivered and where, as in a push. */
  readonly content: RecordedPlan;
  /** Name of what is made for the stack in its namespace. */
  readonly name: string;
  readonly settings: Required<PullSettings>;
  readonly credentials: PullCredentials | undefined;
  readonly webhook: Required<WebhookArgs> | undefined;
}

export function resolvePull(name: string, args: PullDeliveryArgs): PullDeliveryPlan {
  const content = resolvePush(name, args as PushDeliveryArgs);
  const { webhook } = args;
  return {
    content: { ...content, ledger: args.ledger },
    name: `${content.app}-delivery`,
    settings: resolvePullSettings(args, args.ledger?.repository),
    credentials: args.credentials,
    webhook: webhook === undefined ? undefined : { ...webhook, type: webhook.type ?? "generic-hmac" },
  };
}

/** @param repository the ledger's address */
export function resolvePullSettings(args: PullSettings, repository: string): Required<PullSettings> {
  return {
    interval: args.interval ?? DEFAULT_PULL_INTERVAL,
    healInterval: args.healInterval ?? DEFAULT_HEAL_INTERVAL,
    retryInterval: args.retryInterval ?? DEFAULT_RETRY_INTERVAL,
    timeout: args.timeout ?? DEFAULT_PULL_TIMEOUT,
    repository: args.repository ?? repository,
    teardown: args.teardown ?? DEFAULT_PULL_TEARDOWN,
  };
}

/** Kubernetes keeps the Kustomization's name in a label of every object. Source: Kubernetes, "Labels and Selectors". */
const MAX_NAME_LENGTH = 63;

/** Problems of a delivery by agents, found before anything is declared. */
export function checkPull(plan: PullDeliveryPlan): string[] {
  const { content, name, credentials } = plan;
  if (content.ledger === undefined) return ['ledger is missing; agents read from it: name its "repository"'];
  const long = name.length > MAX_NAME_LENGTH;
  return [
    ...checkPush(content),
    ...(long
      ? [`app makes the name ${shown(name)}, which has over ${MAX_NAME_LENGTH} characters; shorten it`]
      : []),
    ...checkPullSettings(plan.settings),
    ...checkCredentials(credentials, plan.settings.repository),
    ...checkWebhook(plan.webhook),
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
  ];
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

function checkWebhook(webhook: PullDeliveryPlan["webhook"]): string[] {
  if (webhook === undefined) return [];
  const url = URL.canParse(webhook.url) ? new URL(webhook.url) : undefined;
  const safe = url?.protocol === "https:" || (url?.protocol === "http:" && LOOPBACK.test(url.hostname));
  if (url !== undefined && safe && url.username === "" && url.pathname === "/") return [];
  return [`webhook.url is ${shown(webhook.url)}; give the https address of the receiver, without a path`];
}
