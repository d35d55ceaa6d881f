import * as pulumi from "@pulumi/pulumi";
import type { Check, Duration } from "../checks";
import { accessRules } from "../clusters";
import type { ClusterTarget } from "../clusters";
import { providerText } from "../provider/text";

/** What a gate is keyed by, and how it looks at the clusters before it. */
export interface GateArgs {
  readonly app: string;
  readonly wave: string;
  readonly release: pulumi.Input<string>;
  readonly namespace: string;
  /** The clusters that are looked at. */
  readonly clusters: readonly GatedCluster[];
  readonly bake: Duration;
  readonly timeout: Duration;
  /** How many clusters of the wave may fail. */
  readonly maxFailures: number;
  /** The gate before this one in the same wave: what failed there counts here. @default none */
  readonly before?: Gate | undefined;
}

/** One cluster that is looked at. */
export interface GatedCluster {
  readonly target: ClusterTarget;
  readonly contentHash: pulumi.Input<string>;
  /** What takes time to get ready, as `Deployment shop/web`. */
  readonly workloads: readonly string[];
  readonly checks: readonly Check[];
}

/**
 * The end of some clusters of a wave: done once they are as their checks want them. What comes next depends on it. It is
 * a dynamic resource, whose implementation is `pulumi-delivery/provider`; its name and its type stay, so that a gate of
 * an older state is updated and not replaced.
 */
export class Gate extends pulumi.CustomResource {
  /** Clusters of the wave that failed and were let through, with the reason. */
  declare public readonly failed: pulumi.Output<Readonly<Record<string, string>>>;

  constructor(name: string, args: GateArgs, opts: pulumi.CustomResourceOptions) {
    const { app, wave, release, namespace, clusters, bake, timeout, maxFailures, before } = args;
    const each = <T>(value: (cluster: GatedCluster) => T): Record<string, T> =>
      Object.fromEntries(clusters.map((cluster) => [cluster.target.name, value(cluster)]));
    const props = {
      ...{ app, wave, release, namespace, bake, timeout, maxFailures },
      clusters: each(({ contentHash }) => contentHash),
      access: each(({ target }) => accessOf(target)),
      workloads: each(({ workloads }) => workloads),
      checks: each(({ checks }) => checks),
      earlier: before?.failed ?? {},
      // A property without a value becomes an output.
      failed: undefined,
      __provider: providerText("gate"),
    };
    super("pulumi-nodejs:dynamic/delivery:Gate", name, props, opts);
  }
}

/** The name of a context, whose credentials stay in the kubeconfig; or the text of a kubeconfig, as a secret. */
function accessOf(target: ClusterTarget): Readonly<Record<string, pulumi.Input<unknown>>> {
  const { kubeconfig } = target;
  return {
    ...accessRules(target),
    ...(kubeconfig === undefined ? {} : { kubeconfig: pulumi.secret(kubeconfig) }),
  };
}
