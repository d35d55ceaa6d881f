import type { Guard } from "../guards";
import { checkLocation } from "../ledger";
import { checkPullRequest } from "../ledger/publish";
import { checkTeardown } from "../ledger/resource/inputs";
import { throwIfAny } from "../mistake";
import { DEFAULT_KUBERNETES_VERSION } from "../manifests";
import type { KindTransform, KubernetesVersion, ManifestEntry, Overlay } from "../manifests";
import { DEFAULT_ON_UNREACHABLE } from "../push/defaults";
import type { OnUnreachable } from "../push";
import type { SchemaRange } from "../release";
import { DEFAULT_PIPELINE_SOURCES } from "./args";
import type {
  ClusterSpec,
  Config,
  DeliveryMode,
  EnvironmentArgs,
  LedgerSpec,
  PipelineArgs,
  RenderContext,
  WavePlan,
} from "./args";
import { checkPipeline } from "./check";
import type { ImageSpec } from "./images";
import type { PullSecretSpec } from "./pull-secrets";
import { wavesOf } from "./waves";

/** An environment with every default filled in. */
export interface Environment {
  readonly from: string;
  readonly delivery: DeliveryMode;
  readonly namespace: string;
  readonly waves: readonly WavePlan[];
  /** Undefined where agents deliver and nothing is said; see `PullDeliveryArgs`. */
  readonly onUnreachable: OnUnreachable | undefined;
  readonly overlay: readonly Overlay[];
  readonly guards: readonly Guard[];
  readonly registry: string | undefined;
}

/** A pipeline with every default filled in; {@link definePipeline} makes it. */
export interface PipelineDefinition {
  readonly app: string;
  readonly source: {
    readonly paths: readonly string[];
    readonly pipeline: readonly string[];
    readonly counts: PipelineArgs["source"]["counts"];
  };
  readonly images: Readonly<Record<string, ImageSpec>>;
  readonly schema: SchemaRange | undefined;
  readonly ledger: LedgerSpec | undefined;
  readonly clusters: Readonly<Record<string, ClusterSpec>>;
  readonly environments: Readonly<Record<string, Environment>>;
  readonly config: Config;
  readonly pullSecrets: readonly PullSecretSpec[];
  readonly clusterScope: readonly string[];
  readonly kubernetesVersion: KubernetesVersion;
  readonly transform: KindTransform;
  readonly manifests: (context: RenderContext) => readonly ManifestEntry[];
}

/**
 * Says how an application gets from a commit to its clusters. The result is plain data: the program, the tests and
 * the command line import it, and nothing happens on import.
 *
 * @throws Mistake with every problem of the arguments.
 */
export function definePipeline<const Images extends string, Settings extends Config = Config>(
  args: PipelineArgs<Images, Settings>,
): PipelineDefinition {
  const problems = [...checkPipeline(args as unknown as PipelineArgs), ...checkLedger(args.ledger)];
  throwIfAny(`The pipeline of ${JSON.stringify(args.app)}`, problems);
  return {
    app: args.app,
    source: resolveSource(args.source),
    images: args.images,
    schema: args.schema,
    ledger: args.ledger,
    clusters: args.clusters,
    environments: mapValues(args.environments, (environment) =>
      resolveEnvironment(environment, args.namespace ?? args.app, args.clusters),
    ),
    config: args.config ?? {},
    pullSecrets: args.pullSecrets ?? [],
    clusterScope: args.clusterScope ?? [],
    kubernetesVersion: args.kubernetesVersion ?? DEFAULT_KUBERNETES_VERSION,
    transform: args.transform ?? {},
    manifests: args.manifests as unknown as PipelineDefinition["manifests"],
  };
}

function resolveSource({ paths, pipeline, counts }: PipelineArgs["source"]): PipelineDefinition["source"] {
  return { paths, pipeline: pipeline ?? DEFAULT_PIPELINE_SOURCES, counts };
}

/** Its branches are made of names that are checked by themselves. */
function checkLedger(ledger: LedgerSpec | undefined): string[] {
  if (ledger === undefined) return [];
  const location = { ...ledger, branch: "deploy" };
  return [
    ...checkLocation(location),
    ...checkPullRequest(ledger.pullRequest, location),
    ...checkTeardown(ledger.teardown),
  ].map((problem) => `ledger: ${problem}`);
}

function resolveEnvironment(
  environment: EnvironmentArgs,
  namespace: string,
  clusters: PipelineArgs["clusters"],
): Environment {
  const { from, delivery, guards = [], overlay = [], registry } = environment;
  const { onUnreachable = delivery.mode === "push" ? DEFAULT_ON_UNREACHABLE : undefined } = environment;
  const waves = wavesOf(environment, clusters);
  const place = { namespace: environment.namespace ?? namespace, waves, onUnreachable };
  return { from, delivery, ...place, guards, overlay, registry };
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, map: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
