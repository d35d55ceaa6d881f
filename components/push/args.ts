import { checkClusterTarget } from "../clusters";
import type { ClusterTarget } from "../clusters";
import { DEFAULT_KUBERNETES_VERSION, checkDnsLabel, checkNamespace, isDnsLabel, shown } from "../manifests";
import type { CheckLevel, ImageRefs, KindTransform, KubernetesVersion, ManifestEntry } from "../manifests";
import type { Release } from "../release";
import { DEFAULT_MAX_PARALLEL, DEFAULT_WAVE } from "./defaults";
import type { LedgerArgs } from "./ledger";

/** Clusters that are changed together; the next wave begins when all of them have succeeded. */
export interface PushWave {
  /** A DNS-1123 label, unique in the delivery. */
  readonly name: string;
  readonly clusters: readonly ClusterTarget[];
  /**
   * How many clusters are changed at once, 1 or more.
   * @default {@link DEFAULT_MAX_PARALLEL}
   */
  readonly maxParallel?: number;
}

/** Either waves, or clusters that make one wave. */
export type PushTargets =
  | { readonly clusters: readonly ClusterTarget[]; readonly waves?: never }
  | { readonly waves: readonly PushWave[]; readonly clusters?: never };

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
  /** Why it is delivered over a guard that blocks it: the ledger's commits say so. @default it is not */
  readonly override?: string | undefined;
  /** Kinds without a namespace that may be among the manifests, as `["ClusterRole"]`. */
  readonly clusterScope?: readonly string[];
  /**
   * The Kubernetes version of the clusters, which the manifests are checked for, as "1.36".
   * @default {@link DEFAULT_KUBERNETES_VERSION}
   */
  readonly kubernetesVersion?: KubernetesVersion;
  /**
   * `sink` for manifests that were checked when their release was made: then only what protects cluster and ledger is
   * looked at, so that a stricter rule does not stand in the way back.
   * @default "all"
   */
  readonly checks?: CheckLevel;
};

/** {@link PushDeliveryArgs} with every default filled in. */
export interface PushDeliveryPlan {
  readonly app: string;
  readonly namespace: string;
  readonly clusterScope: readonly string[];
  readonly kubernetesVersion: KubernetesVersion;
  readonly checks: CheckLevel;
  readonly waves: readonly Required<PushWave>[];
  readonly release: Release | undefined;
  readonly settings: string | undefined;
  readonly ledger: LedgerArgs | undefined;
  readonly override: string | undefined;
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
    checks: args.checks ?? "all",
    waves: wavesOf(args).map(resolveWave),
    release: args.release,
    settings: args.settings,
    ledger: args.ledger,
    override: args.override,
    manifests: args.manifests,
    root: args.root ?? process.cwd(),
    images: args.images ?? args.release?.images ?? {},
    transform: args.transform ?? {},
  };
}

/** None when there are no targets, or two answers to which they are; {@link checkPush} says so. */
function wavesOf({ waves, clusters }: PushTargets): readonly PushWave[] {
  if (clusters === undefined) return waves ?? [];
  return waves === undefined ? [{ name: DEFAULT_WAVE, clusters }] : [];
}

function resolveWave({ name, clusters, maxParallel }: PushWave): Required<PushWave> {
  return { name, clusters, maxParallel: maxParallel ?? DEFAULT_MAX_PARALLEL };
}

/** Problems of a delivery, found before anything is declared. */
export function checkPush({ app, namespace, waves }: PushDeliveryPlan): string[] {
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
  ];
}

function checkWave({ name, clusters, maxParallel }: Required<PushWave>): string[] {
  const problems = checkDnsLabel("a wave's name", name);
  if (clusters.length === 0) problems.push(`wave ${shown(name)} has no clusters; name at least one`);
  if (!Number.isInteger(maxParallel) || maxParallel < 1) {
    problems.push(
      `wave ${shown(name)} has maxParallel ${shown(maxParallel)}; give a whole number, 1 or more`,
    );
  }
  return problems;
}

function checkUnique(what: string, names: readonly string[]): string[] {
  const repeated = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [...repeated].map((name) => `${what} ${shown(name)} is named twice; name it once`);
}
