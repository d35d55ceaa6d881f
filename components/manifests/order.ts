import type { Manifest } from "./manifest";

/**
 * What is applied together, one stage after the other: what defines other kinds, then what workloads read, then jobs
 * (a migration has to be over before the code that needs it starts), then what runs and what needs it running.
 * A Service is among the last: Pulumi waits until it has pods to send to.
 */
export const APPLY_STAGES = ["definitions", "settings", "jobs", "workloads"] as const;
/** One of {@link APPLY_STAGES}. */
export type ApplyStage = (typeof APPLY_STAGES)[number];

const DEFINITIONS = new Set(["CustomResourceDefinition", "PriorityClass", "StorageClass"]);
const WORKLOADS = new Set(["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Pod", "CronJob"]);
const NEED_WORKLOADS = new Set(["Service", "HorizontalPodAutoscaler", "Ingress", "HTTPRoute", "APIService"]);

/** The stage in which an object is applied. */
export function stageOf({ kind }: Pick<Manifest, "kind">): ApplyStage {
  if (DEFINITIONS.has(kind)) return "definitions";
  if (kind === "Job") return "jobs";
  return WORKLOADS.has(kind) || NEED_WORKLOADS.has(kind) ? "workloads" : "settings";
}

/** The objects by stage; the order inside a stage stays as declared. */
export function inApplyOrder(manifests: readonly Manifest[]): Manifest[] {
  return APPLY_STAGES.flatMap((stage) => manifests.filter((manifest) => stageOf(manifest) === stage));
}
