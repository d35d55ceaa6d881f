import { ROLLOUT_KINDS } from "../checks";
import type { ClusterTarget } from "../clusters";
import { objectTitle, stageOf } from "../manifests";
import type { Manifest } from "../manifests";
import type { PushWavePlan } from "./args";
import type { GatedCluster } from "./gate";
import type { ClusterLists } from "./render";

/** Tells the plugin not to wait for an object. Source: Pulumi, "Kubernetes: Await Logic". */
const SKIP_AWAIT_ANNOTATION = "pulumi.com/skipAwait";
/** What a team sets when it wants the plugin to wait in its own way. */
const WAIT_FOR_ANNOTATION = "pulumi.com/waitFor";

/** Kinds that get ready with the pods of a workload; the plugin would wait for them as long as for the workload. */
const NEED_PODS = new Set(["Service", "Ingress"]);

/**
 * The object, without the plugin waiting for it where a gate does: the gate knows sooner, says more, and one cluster that
 * fails does not have to fail the update. A Job is waited for as before: what comes after it needs it done.
 */
export function leftToGate(manifest: Manifest): Manifest {
  const { kind, metadata } = manifest;
  const { annotations = {} } = metadata;
  const isRollout = kind in ROLLOUT_KINDS && stageOf(manifest) === "workloads";
  const isOwn = SKIP_AWAIT_ANNOTATION in annotations || WAIT_FOR_ANNOTATION in annotations;
  if (isOwn || !(isRollout || NEED_PODS.has(kind))) return manifest;
  return {
    ...manifest,
    metadata: { ...metadata, annotations: { ...annotations, [SKIP_AWAIT_ANNOTATION]: "true" } },
  };
}

/** The clusters of a wave as its gate looks at them. */
export function gatedClusters(
  targets: readonly ClusterTarget[],
  lists: ClusterLists,
  { checks }: Pick<PushWavePlan, "checks">,
): GatedCluster[] {
  return targets.map((target) => {
    const { applied, contentHash } = lists.get(target.name)!;
    return { target, contentHash, workloads: rolloutTitles(applied), checks: checks[target.name]! };
  });
}

/** What a gate waits for, as `Deployment shop/web`. */
function rolloutTitles(objects: readonly Manifest[]): string[] {
  return objects
    .filter(({ kind, apiVersion }) => ROLLOUT_KINDS[kind] === apiVersion)
    .map(objectTitle)
    .sort();
}
