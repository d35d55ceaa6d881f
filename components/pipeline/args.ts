import type { Guard } from "../guards";
import type { Check } from "../checks";
import type { ClusterLabels, ClusterSelector } from "../clusters";
import type { GitCommitArgs, LedgerLocation, PublishArgs } from "../ledger";
import type { KindTransform, KubernetesVersion, ManifestEntry, Overlay } from "../manifests";
import type { FluxMode } from "./flux";
import type { CountedCommit } from "../pending";
import type { ForceRule, OnUnreachable, WaveRules } from "../push";
import type { PullSecretSpec } from "./pull-secrets";
import type { Release, SchemaRange } from "../release";
import type { ImageSpec } from "./images";

/** The stack that builds the images; no environment may have its name. */
export const BUILD_STACK = "build";
/** The stack that installs the agents of environments that are pulled; no environment may have its name. */
export const AGENTS_STACK = "agents";
/** The pipeline's own sources: the code that renders the manifests. */
export const DEFAULT_PIPELINE_SOURCES: readonly string[] = ["infra/**"];

/** How an environment is delivered: its clusters are changed by `pulumi up`. */
export interface PushMode extends PushModeArgs {
  readonly mode: "push";
}

/** How an environment's clusters are changed. */
export interface PushModeArgs {
  /**
   * Objects whose fields are taken from whoever else has set them, a kind or one object of it.
   * @default none: a conflict fails the update, which names the owner and the field
   * @example ["ConfigMap", "Deployment/web"]
   */
  readonly force?: readonly ForceRule[];
}

/** Changes the clusters directly, in `pulumi up`. */
export function push(args: PushModeArgs = {}): PushMode {
  return { ...args, mode: "push" };
}

/** The ways of delivery; with a ledger, both publish the same bytes to it. */
export type DeliveryMode = PushMode | FluxMode;

/** Settings of the application, by name: whole values that a stack's file can hold. */
export type Config = Readonly<Record<string, string | number | boolean>>;

/** A cluster of the pipeline, by the context that the kubeconfig has for it. */
export interface ClusterSpec {
  readonly context: string;
  /** What it is, for the `select` of waves, as `{ region: "eu", tier: "canary" }`. @default none */
  readonly labels?: ClusterLabels;
  /** Names that it had before, the oldest first: its objects stay the same ones. @default none */
  readonly formerly?: readonly string[];
  /** Whether its certificate may go unchecked, see `ClusterTarget`. @default false */
  readonly allowInsecureTls?: boolean;
  /** What its objects have otherwise, after the environment's overlay. @default nothing */
  readonly overlay?: readonly Overlay[];
}

/** Clusters by their names in the pipeline, or all that have these labels, in the order of the pipeline. */
export type ClusterChoice =
  | { readonly clusters: readonly string[]; readonly select?: never }
  | { readonly select: ClusterSelector; readonly clusters?: never };

/** Clusters of an environment that are changed together; the next wave begins when all are as their checks want them. */
export type WaveArgs = ClusterChoice & WaveBase;

interface WaveBase extends WaveRules {
  /** A DNS-1123 label, unique in its environment. */
  readonly name: string;
  /**
   * What has to hold in each cluster before the next ones begin, or a function of what is delivered to a cluster that
   * returns it. `checks.rolloutReady()` is always the first, unless the list is empty.
   * @default the workloads are rolled out
   * @example ({ cluster }) => [checks.http({ url: `https://${cluster}.example.com/healthz` })]
   */
  readonly checks?: readonly Check[] | ((context: RenderContext) => readonly Check[]);
}

/** {@link WaveArgs} with every default filled in; the checks of its clusters are made when they are delivered to. */
export type WavePlan = Required<WaveRules> &
  Pick<WaveBase, "name" | "checks"> & { readonly clusters: readonly string[] };

interface EnvironmentBase {
  /** Where its releases come from: another environment, or `"build"`. */
  readonly from: string;
  /** Who applies: {@link push}, or the agents of {@link flux}. */
  readonly delivery: DeliveryMode;
  /** What the objects of its clusters have otherwise. @default nothing */
  readonly overlay?: readonly Overlay[];
  /**
   * Namespace in every cluster of the environment.
   * @default the pipeline's namespace
   */
  readonly namespace?: string;
  /**
   * What becomes of a delivery when one of its clusters cannot be reached: the others are delivered to and then it fails,
   * or the cluster is left at what the ledger says that it runs. `"skip"` needs the ledger. What {@link flux} publishes for
   * such a cluster stays published; there this says whether it counts as a failure.
   * @default {@link DEFAULT_ON_UNREACHABLE}; with {@link flux} a failure only where another wave comes after it
   */
  readonly onUnreachable?: OnUnreachable;
  /**
   * Where its images are, when it is another registry than they were built for: `delivery promote` copies them there
   * by digest, every platform of them, and the release names them there. Nothing is built again.
   * @default where the environment that its releases come from has them
   * @example "registry.prod.example.com"
   */
  readonly registry?: string;
  /**
   * Rules for promotions to it; `delivery pending` and the board show what they say of the next release. They need the
   * ledger, which tells what runs there.
   * @default none
   * @example [maxPending({ warn: 8, block: 20 }), maxAge({ warn: "2d", block: "7d" }), forwardOnly()]
   */
  readonly guards?: readonly Guard[];
}

/** An environment names either its waves, or clusters that make one wave. */
export type EnvironmentArgs = EnvironmentBase &
  (
    | (ClusterChoice & { readonly waves?: never })
    | { readonly waves: readonly WaveArgs[]; readonly clusters?: never; readonly select?: never }
  );

/** What `manifests` is called with: everything that a render may depend on. */
export interface RenderContext<Images extends string = string, Settings extends Config = Config> {
  readonly environment: string;
  readonly cluster: string;
  /** `repository@sha256:…` of each image. */
  readonly images: Readonly<Record<Images, string>>;
  /** The pipeline's `config` with what the environment's `delivery:config` says otherwise. */
  readonly config: Settings;
  readonly release: Release;
}

/**
 * Where deployments are recorded; each environment has a branch of its own there. With `pullRequest` a branch that takes
 * no push gets a pull request, which the agents of {@link flux} wait for; the branch of a {@link push} has to take pushes.
 */
export type LedgerSpec = Omit<LedgerLocation, "branch"> &
  Pick<PublishArgs, "author" | "signing" | "pullRequest"> &
  Pick<GitCommitArgs, "teardown">;

/** A delivery pipeline as plain data; see {@link definePipeline}. */
export interface PipelineArgs<Images extends string = string, Settings extends Config = Config> {
  /** Name of the application, a DNS-1123 label. */
  readonly app: string;
  /** @default the application's name */
  readonly namespace?: string;
  /** Which commits count as changes. */
  readonly source: {
    /** Glob patterns of the application's own sources, below the folder of `Pulumi.yaml`. */
    readonly paths: readonly string[];
    /**
     * Glob patterns of the code that renders the manifests; its content is part of a release.
     * @default {@link DEFAULT_PIPELINE_SOURCES}
     */
    readonly pipeline?: readonly string[];
    /**
     * A further choice among the commits that touched these files, for what is pending. A pure function.
     * @default every one of them counts
     * @example ({ files }) => files.some((file) => !file.endsWith(".md"))
     */
    readonly counts?: (commit: CountedCommit) => boolean;
  };
  /** The images that a release is made of, by name. */
  readonly images: Readonly<Record<Images, ImageSpec>>;
  /** The database schemas that this code works with. */
  readonly schema?: SchemaRange;
  /** A Git repository that holds what every cluster has been told to run. @default none */
  readonly ledger?: LedgerSpec;
  /** Every cluster that an environment may name. */
  readonly clusters: Readonly<Record<string, ClusterSpec>>;
  /** By name, which is the name of the stack. */
  readonly environments: Readonly<Record<string, EnvironmentArgs>>;
  /** Credentials of registries that every cluster gets as Secrets, for the pods to pull with. @default none */
  readonly pullSecrets?: readonly PullSecretSpec[];
  /** Settings with their defaults; an environment's `delivery:config` may change these and no others. */
  readonly config?: Settings;
  /** Kinds without a namespace that may be among the manifests, as `["ClusterRole"]`. */
  readonly clusterScope?: readonly string[];
  /**
   * The Kubernetes version of the clusters, which the manifests are checked for, as "1.36".
   * @default {@link DEFAULT_KUBERNETES_VERSION}
   */
  readonly kubernetesVersion?: KubernetesVersion;
  /** The way out: changes the objects of a kind, after every overlay and as the last step. @default no change */
  readonly transform?: KindTransform;
  /**
   * The objects for one cluster. A pure function: the same context gives the same objects. What a team has in files is
   * among them by `yamlFiles()`, `kustomize()` and `helmTemplate()`; these files are part of a release, as its code is.
   */
  readonly manifests: (context: RenderContext<Images, Settings>) => readonly ManifestEntry[];
}
