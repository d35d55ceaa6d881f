import { checkClusterTarget, checkFormerNames } from "../clusters";
import type { ClusterTarget } from "../clusters";
import { checkChecks, resolveChecks } from "../checks";
import type { Check } from "../checks";
import { DEFAULT_KUBERNETES_VERSION, checkDnsLabel, checkNamespace, isDnsLabel, shown } from "../manifests";
import type { CheckLevel, ImageRefs, KindTransform, KubernetesVersion, ManifestEntry } from "../manifests";
import type { Release } from "../release";
import { DEFAULT_ON_UNREACHABLE, DEFAULT_WAVE } from "./defaults";
import { checkForce } from "./force";
import type { ForceRule } from "./force";
import type { LedgerArgs } from "./ledger";
import { checkPullSecrets } from "./pull-secret";
import type { PullSecret } from "./pull-secret";
import { checkStanding } from "./standing";
import type { RetiredCluster } from "./standing";
import { checkOnUnreachable } from "./unreachable";
import type { OnUnreachable } from "./unreachable";
import { checkWaveRules, resolveRules } from "./wave";
import type { WaveRules } from "./wave";

/** Clusters that are changed together; the next wave begins when all of them have succeeded. */
export interface PushWave extends WaveRules {
  /** A DNS-1123 label, unique in the delivery. */
  readonly name: string;
  readonly clusters: readonly ClusterTarget[];
  /**
   * What has to hold in each cluster before the next ones begin, or a function of the cluster's name that returns it.
   * `checks.rolloutReady()` is always the first, unless the list is empty: then Pulumi itself waits for the workloads.
   * @default the workloads are rolled out
   */
  readonly checks?: readonly Check[] | ((cluster: string) => readonly Check[]);
}

/** {@link PushWave} with every default filled in. */
export interface PushWavePlan extends Required<WaveRules> {
  readonly name: string;
  readonly clusters: readonly ClusterTarget[];
  /** By cluster. */
  readonly checks: Readonly<Record<string, readonly Check[]>>;
}

/** Either waves, or clusters that make one wave. */
export type PushTargets =
  | { readonly clusters: readonly ClusterTarget[]; readonly waves?: never }
  | { readonly waves: readonly PushWave[]; readonly clusters?: never };

/** What is delivered, to which clusters, and what becomes of those that are not as they should be. */
export type PushDeliveryArgs = PushTargets & {
  /**
   * The objects for every cluster, or a function of the cluster's name that returns them. What a team has in files is
   * among them by `yamlFiles()`, `kustomize()` and `helmTemplate()`.
   */
  readonly manifests: readonly ManifestEntry[] | ((cluster: string) => readonly ManifestEntry[]);
  /**
   * The folder that the paths of files begin at, and that none of them may leave.
   * @default the working directory, which is that of the program
   */
  readonly root?: string;
  /**
   * Images by name, as `{ web: image.ref }`: in what is read from files they replace those of that name or repository.
   * @default those of the release
   */
  readonly images?: ImageRefs;
  /** The way out: changes the objects of a kind, as the last step. @default no change */
  readonly transform?: KindTransform;
  /**
   * Name of the application, a DNS-1123 label; labels the objects and names the record.
   * @default the component's name
   */
  readonly app?: string;
  /**
   * Where the objects go. It is made with restricted Pod Security, unless it is `default`, and stays when the stack is
   * destroyed.
   * @default the application's name
   */
  readonly namespace?: string;
  /** What is delivered; without it the record has a release of its own, named by the content. */
  readonly release?: Release;
  /** Hash of the settings that the manifests were made with, for the record. @default none */
  readonly settings?: string | undefined;
  /**
   * Where what every cluster is told to run is recorded, one commit for each wave, before it is applied. Without one
   * a cluster can fail, but not be held back or left out.
   * @default none
   */
  readonly ledger?: LedgerArgs;
  /**
   * What becomes of the delivery when one of its clusters cannot be reached. `"skip"` needs a ledger.
   * @default {@link DEFAULT_ON_UNREACHABLE}
   */
  readonly onUnreachable?: OnUnreachable | undefined;
  /**
   * Clusters that are held back, and the id of the release that each stays at or goes back to: with the bytes that it was
   * told then. They need a ledger.
   * @default none
   * @example { "us-1": "shop-7f3c9a1b20d4" }
   */
  readonly pins?: Readonly<Record<string, string>>;
  /**
   * Clusters that are given up, said for one update: without it a cluster that is in no wave any more is refused while
   * the ledger says that it runs something.
   * @default none
   */
  readonly retired?: readonly RetiredCluster[];
  /**
   * Takes over objects that are in a cluster already and that somebody else has made; say it for one update. Otherwise
   * they are refused.
   * @default false
   */
  readonly adopt?: boolean;
  /** Clusters that were built anew under their name, said for one update. Otherwise another cluster is refused. */
  readonly rebuilt?: readonly string[];
  /** The stack's secret configuration by full name, where the ledger's access names some. @default none */
  readonly secret?: ((name: string) => string | undefined) | undefined;
  /** Why it is delivered over a guard that blocks it: the ledger's commits say so. @default it is not */
  readonly override?: string | undefined;
  /**
   * Whether the environment goes back to a release that has succeeded there before another one: then a `migration()` is
   * left out, unless it says otherwise. It is asked only where that makes a difference.
   * @default it does not
   */
  readonly isWayBack?: () => boolean;
  /** Credentials of registries that every cluster gets as Secrets, for the pods to pull with. @default none */
  readonly pullSecrets?: readonly PullSecret[];
  /**
   * Objects whose fields are taken from whoever else has set them, a kind or one object of it. Without it a field that
   * somebody else owns and that the manifests have otherwise fails the update, which names the owner and the field.
   * @default none
   * @example ["ConfigMap", "Deployment/web"]
   */
  readonly force?: readonly ForceRule[];
  /** Kinds without a namespace that may be among the manifests, as `["ClusterRole"]`. */
  readonly clusterScope?: readonly string[];
  /**
   * The Kubernetes version of the clusters, which the manifests are checked for, as "1.36".
   * @default {@link DEFAULT_KUBERNETES_VERSION}
   */
  readonly kubernetesVersion?: KubernetesVersion;
  /**
   * `sink` for manifests that were checked when their release was made: then only what protects cluster and ledger is
   * looked at, so that a stricter rule does not stand in the way back. What gates look at are the `checks` of waves.
   * @default "all"
   */
  readonly manifestChecks?: CheckLevel;
};

/** {@link PushDeliveryArgs} with every default filled in. */
export interface PushDeliveryPlan {
  readonly app: string;
  readonly namespace: string;
  readonly clusterScope: readonly string[];
  readonly kubernetesVersion: KubernetesVersion;
  readonly checks: CheckLevel;
  readonly waves: readonly PushWavePlan[];
  readonly release: Release | undefined;
  readonly settings: string | undefined;
  readonly ledger: LedgerArgs | undefined;
  readonly override: string | undefined;
  readonly isWayBack: () => boolean;
  readonly onUnreachable: OnUnreachable;
  readonly pins: Readonly<Record<string, string>>;
  readonly retired: readonly RetiredCluster[];
  readonly adopt: boolean;
  readonly rebuilt: readonly string[];
  readonly secret: (name: string) => string | undefined;
  readonly pullSecrets: readonly PullSecret[];
  readonly force: readonly ForceRule[];
  /** The same list for every cluster, or one for each. */
  readonly manifests: PushDeliveryArgs["manifests"];
  readonly root: string;
  readonly images: ImageRefs;
  readonly transform: KindTransform;
}

export function resolvePush(name: string, args: PushDeliveryArgs): PushDeliveryPlan {
  const app = args.app ?? name;
  return {
    app,
    namespace: args.namespace ?? app,
    clusterScope: args.clusterScope ?? [],
    kubernetesVersion: args.kubernetesVersion ?? DEFAULT_KUBERNETES_VERSION,
    checks: args.manifestChecks ?? "all",
    waves: wavesOf(args).map(resolveWave),
    release: args.release,
    settings: args.settings,
    ledger: args.ledger,
    override: args.override,
    isWayBack: once(args.isWayBack ?? (() => false)),
    onUnreachable: args.onUnreachable ?? DEFAULT_ON_UNREACHABLE,
    ...{ pins: args.pins ?? {}, retired: args.retired ?? [] },
    ...{ adopt: args.adopt ?? false, rebuilt: args.rebuilt ?? [] },
    secret: args.secret ?? (() => undefined),
    pullSecrets: args.pullSecrets ?? [],
    force: args.force ?? [],
    manifests: args.manifests,
    root: args.root ?? process.cwd(),
    images: args.images ?? args.release?.images ?? {},
    transform: args.transform ?? {},
  };
}

/** To answer it may take a look into the ledger. */
function once(ask: () => boolean): () => boolean {
  let answer: boolean | undefined;
  return () => (answer ??= ask());
}

/** None when there are no targets, or two answers to which they are; {@link checkPush} says so. */
function wavesOf({ waves, clusters }: PushTargets): readonly PushWave[] {
  if (clusters === undefined) return waves ?? [];
  return waves === undefined ? [{ name: DEFAULT_WAVE, clusters }] : [];
}

function resolveWave({ name, clusters, checks, ...rules }: PushWave): PushWavePlan {
  const of = (cluster: string): readonly Check[] =>
    resolveChecks(typeof checks === "function" ? checks(cluster) : checks);
  const byCluster = clusters.map((cluster) => [cluster.name, of(cluster.name)] as const);
  return { name, clusters, checks: Object.fromEntries(byCluster), ...resolveRules(rules) };
}

/** Problems of a delivery, found before anything is declared. */
export function checkPush(plan: PushDeliveryPlan): string[] {
  const { app, namespace, waves, pullSecrets, force } = plan;
  const targets = waves.flatMap(({ clusters }) => clusters);
  return [
    ...checkDnsLabel("app", app),
    ...(namespace === app && !isDnsLabel(app) ? [] : checkNamespace("namespace", namespace)),
    ...(waves.length === 0 ? ['give either "clusters" or "waves", with at least one in it'] : []),
    ...waves.flatMap(checkWave),
    ...checkUnique(
      "wave",
      waves.map(({ name }) => name),
    ),
    ...checkUnique(
      "cluster",
      targets.map(({ name }) => name),
    ),
    ...targets.flatMap((target) => checkClusterTarget(target)),
    ...checkOnUnreachable("onUnreachable", plan.onUnreachable, plan.ledger !== undefined),
    ...checkFormerNames(targets),
    ...checkPullSecrets(pullSecrets),
    ...checkForce(force),
    ...checkStanding(plan),
  ];
}

function checkWave(wave: PushWavePlan): string[] {
  const lists = Object.values(wave.checks);
  const isUnchecked = lists.every((list) => list.length === 0);
  const problems = lists.flatMap((list) => checkChecks(list, `wave ${shown(wave.name)}: checks`));
  return [...checkWaveRules({ ...wave, isUnchecked }), ...new Set(problems)];
}

function checkUnique(what: string, names: readonly string[]): string[] {
  const repeated = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [...repeated].map((name) => `${what} ${shown(name)} is named twice; name it once`);
}
