import * as pulumi from "@pulumi/pulumi";
import { createClusterProvider, formerAliases } from "../clusters";
import type { ClusterTarget } from "../clusters";
import { clusterFolder } from "../ledger";
import type { Manifest, PodSecurityLevel } from "../manifests";
import type { Kind } from "../manifests/rules";
import { branchOf } from "../push/ledger";
import { namespaceManifests } from "../push/namespace";
import { retried } from "../push/migrations";
import { createObject } from "../push/object";
import { pullSecretManifest } from "../push/pull-secret";
import { timeoutFor } from "../push/unreachable";
import { accessManifests } from "./access";
import type { AccessArgs } from "./access";
import type { PullDeliveryPlan } from "./args";
import type { AgentSync, PullAgent } from "./contract";
import { credentialsManifest } from "./credentials";
import { receiverManifest, statusManifests } from "./flux";

/** What one cluster's agent is told. */
export interface ClusterPullArgs {
  readonly plan: PullDeliveryPlan;
  readonly agent: PullAgent;
  readonly target: ClusterTarget;
  /** What the agent has to be able to change. */
  readonly kinds: readonly Kind[];
  /** What the namespace enforces. */
  readonly podSecurity: PodSecurityLevel;
  /** What is run before anything is published, in stages. */
  readonly migrations: readonly (readonly Manifest[])[];
  /** Secrets that are applied here and not by the agent. */
  readonly secrets: readonly Manifest[];
  /** The key that the agent decrypts with. */
  readonly identity: pulumi.Output<string> | undefined;
  /** Whether the cluster was there when it was asked. @default yes */
  readonly reach?: PullReach;
}

/** What is known of a cluster before anything is declared. */
export interface PullReach {
  readonly isUnreachable: boolean;
  /** It swallows connections, so that every request takes as long as it may. */
  readonly isSilent: boolean;
}

const REACHED: PullReach = { isUnreachable: false, isSilent: false };

/** One cluster's part: the namespace, the account and its rights, and what tells the agent where to read. */
export class ClusterPull extends pulumi.ComponentResource {
  /** All that has to be there before the agent can apply anything. */
  public readonly created: readonly pulumi.Resource[];
  readonly #migrate: (after: readonly pulumi.Resource[]) => readonly pulumi.Resource[];

  constructor(name: string, args: ClusterPullArgs, opts: pulumi.ComponentResourceOptions) {
    const aliases = formerAliases(name, args.target);
    const { migrations, reach = REACHED } = args;
    const provider = createClusterProvider(name, args.target, { ...opts, aliases }, timeoutFor(reach));
    super("delivery:pull:ClusterPull", name, {}, { ...opts, aliases, providers: [provider] });
    const place = { scope: name, parent: this, isLeft: reach.isUnreachable };
    this.created = createStages({ ...place, after: [] }, stagesOf(args), ready);
    this.#migrate = (after) =>
      createStages({ ...place, after: [...this.created, ...after] }, migrations, retried);
    this.registerOutputs();
  }

  /** Puts the migrations of the cluster in the preview; what is published has to wait for them. */
  migrate(after: readonly pulumi.Resource[]): readonly pulumi.Resource[] {
    return this.#migrate(after);
  }
}

interface StagePlace {
  readonly scope: string;
  readonly parent: pulumi.Resource;
  readonly after: readonly pulumi.Resource[];
  /** Whether what is there stays as it is: with its old inputs the plugin asks nothing of the cluster. */
  readonly isLeft: boolean;
}

/** Each stage needs the one before it, and is deleted before it. */
function createStages(
  { scope, parent, after, isLeft }: StagePlace,
  stages: readonly (readonly Manifest[])[],
  finished: (manifest: Manifest) => Manifest,
): pulumi.Resource[] {
  const created: pulumi.Resource[] = [];
  for (const stage of stages) {
    const options = { parent, dependsOn: [...after, ...created], ...(isLeft ? LEFT : {}) };
    created.push(
      ...stage.map((manifest) => createObject(scope, finished(manifest), optionsOf(manifest, options))),
    );
  }
  return created;
}

const LEFT: pulumi.CustomResourceOptions = { ignoreChanges: ["*"] };

function optionsOf({ kind }: Manifest, options: pulumi.CustomResourceOptions): pulumi.CustomResourceOptions {
  // A namespace may hold what others put there, and what the agent has applied.
  return { ...options, ...(kind === "Namespace" ? { retainOnDelete: true } : {}) };
}

/** Whether the agent has come to an end is the gate's to wait for. */
function ready(manifest: Manifest): Manifest {
  const { metadata } = manifest;
  const annotations = { ...metadata.annotations, "pulumi.com/skipAwait": "true" };
  return manifest.kind === "Namespace" ? manifest : { ...manifest, metadata: { ...metadata, annotations } };
}

function stagesOf(args: ClusterPullArgs): Manifest[][] {
  const { plan, agent, target } = args;
  const { content, name, credentials, settings } = plan;
  const { namespace } = content;
  const stack = { name, namespace, folder: clusterFolder(target.name) };
  const secret = credentials === undefined ? undefined : `${name}-source`;
  const { repository, interval } = settings;
  const source = { ...stack, repository, interval, branch: branchOf(content), secret };
  return [
    namespaceManifests(namespace, args.podSecurity),
    [
      ...accessManifests(stack, accessOf(args)),
      ...(credentials === undefined ? [] : [credentialsManifest(secret!, namespace, credentials)]),
      ...content.pullSecrets.map((pullSecret) => pullSecretManifest(namespace, pullSecret)),
      ...(args.identity === undefined ? [] : [decryptionManifest(stack, args.identity)]),
      ...args.secrets,
    ],
    [...agent.source(source), ...webhookManifests(plan), ...statusesManifests(plan)],
    [...agent.sync({ ...stack, ...syncSettings(args) })],
  ];
}

function accessOf({ plan, agent, kinds }: ClusterPullArgs): AccessArgs {
  const controller = { name: agent.controller, namespace: agent.namespace };
  return { kinds, clusterScope: plan.content.clusterScope, controller };
}

function syncSettings({ plan, identity }: ClusterPullArgs): Omit<AgentSync, keyof StackFolder> {
  const { name, settings } = plan;
  const { healInterval, retryInterval, timeout } = settings;
  const times = { interval: healInterval, retryInterval, timeout };
  const decryption = identity === undefined ? undefined : decryptionName(name);
  return { serviceAccount: name, ...times, decryption, suspended: false };
}

const decryptionName = (stack: string): string => `${stack}-sops`;

/** The agent takes each entry of it that ends like this for a key of age. Source: Flux, "Kustomization: Decryption". */
function decryptionManifest({ name, namespace }: StackFolder, identity: pulumi.Output<string>): Manifest {
  const metadata = { name: decryptionName(name), namespace };
  return { apiVersion: "v1", kind: "Secret", metadata, stringData: { "identity.agekey": identity } };
}

type StackFolder = Pick<AgentSync, "name" | "namespace" | "folder">;

function webhookManifests({ name, content, webhook }: PullDeliveryPlan): Manifest[] {
  if (webhook === undefined) return [];
  const { namespace } = content;
  const secret = `${name}-webhook`;
  const metadata = { name: secret, namespace };
  return [
    { apiVersion: "v1", kind: "Secret", metadata, stringData: { token: webhook.token } },
    receiverManifest({ name, namespace }, webhook.type, secret),
  ];
}

/** The token is in a Secret of its own: the agent's key for reading can do nothing else. */
function statusesManifests({ name, content, statuses }: PullDeliveryPlan): Manifest[] {
  if (statuses === undefined) return [];
  const { namespace, ledger } = content;
  const secret = `${name}-statuses`;
  const stringData = { token: pulumi.secret(statuses.token) };
  return [
    { apiVersion: "v1", kind: "Secret", metadata: { name: secret, namespace }, stringData },
    ...statusManifests({ name, namespace }, { address: ledger.repository, secret }),
  ];
}
