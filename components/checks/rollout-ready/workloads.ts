import type { LiveObject } from "../../clusters/api";
import { failed, passed, pending } from "../contract";
import type { Verdict } from "../contract";

/** Kinds whose rollout is waited for, with their API version. */
export const ROLLOUT_KINDS: Readonly<Record<string, string>> = {
  Deployment: "apps/v1",
  StatefulSet: "apps/v1",
  DaemonSet: "apps/v1",
  Job: "batch/v1",
};

/** The parts of a workload's `spec` and `status` that say how far its rollout is. Source: Kubernetes API reference. */
interface Spec {
  readonly replicas?: number;
  readonly paused?: boolean;
  readonly suspend?: boolean;
  readonly completions?: number;
  readonly updateStrategy?: {
    readonly type?: string;
    readonly rollingUpdate?: { readonly partition?: number };
  };
}

type Status = Readonly<Record<string, number | undefined>> & {
  readonly conditions?: readonly Condition[];
  readonly currentRevision?: string;
  readonly updateRevision?: string;
};

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/** How far the rollout of a workload is, by what its controller says of exactly its present generation. */
export function readWorkload(kind: string, object: LiveObject): Verdict {
  const { generation = 0, deletionTimestamp } = object.metadata;
  const spec = (object["spec"] ?? {}) as Spec;
  const status = (object["status"] ?? {}) as Status;
  if (deletionTimestamp !== undefined) return pending("it is being deleted");
  if (kind === "Job") return readJob(spec, status);
  if ((status["observedGeneration"] ?? 0) !== generation) {
    return pending(`its controller has not seen generation ${generation} yet`);
  }
  if (kind === "DaemonSet") return readDaemonSet(spec, status);
  return kind === "StatefulSet" ? readStatefulSet(spec, status) : readDeployment(spec, status);
}

function readDeployment({ replicas = 1, paused = false }: Spec, status: Status): Verdict {
  const late = conditionOf(status, "Progressing", "False");
  if (late?.reason === "ProgressDeadlineExceeded") {
    return failed(`${late.message ?? "it did not progress in time"} (${late.reason})`);
  }
  const updated = status["updatedReplicas"] ?? 0;
  const old = (status["replicas"] ?? 0) - updated;
  if (updated < replicas)
    return pending(`${updated} of ${replicas} pods are new${paused ? "; it is paused" : ""}`);
  if (old > 0) return pending(`${old} old pods are still there`);
  return countOf("available", status["availableReplicas"] ?? 0, replicas);
}

function readStatefulSet({ replicas = 1, updateStrategy }: Spec, status: Status): Verdict {
  const updated = status["updatedReplicas"] ?? 0;
  const wanted = replicas - (updateStrategy?.rollingUpdate?.partition ?? 0);
  const isRolling = updateStrategy?.type !== "OnDelete" && status.currentRevision !== status.updateRevision;
  if (isRolling && updated < wanted) return pending(`${updated} of ${Math.max(0, wanted)} pods are new`);
  return countOf("ready", status["readyReplicas"] ?? 0, replicas);
}

function readDaemonSet({ updateStrategy }: Spec, status: Status): Verdict {
  const wanted = status["desiredNumberScheduled"] ?? 0;
  const updated = status["updatedNumberScheduled"] ?? 0;
  if (updateStrategy?.type !== "OnDelete" && updated < wanted) {
    return pending(`${updated} of ${wanted} pods are new`);
  }
  return countOf("available", status["numberAvailable"] ?? 0, wanted);
}

function readJob({ suspend = false }: Spec, status: Status): Verdict {
  const broken = conditionOf(status, "Failed", "True");
  if (broken !== undefined) return failed(`${broken.message ?? "it failed"} (${broken.reason ?? "Failed"})`);
  if (conditionOf(status, "Complete", "True") !== undefined) return passed("it is complete");
  return pending(suspend ? "it is suspended" : "it is not complete");
}

function countOf(what: string, count: number, wanted: number): Verdict {
  const reason = `${count} of ${wanted} pods are ${what}`;
  return count < wanted ? pending(reason) : passed(reason);
}

/** A condition of that type, if it has that status. */
function conditionOf({ conditions }: Status, type: string, status: string): Condition | undefined {
  return (conditions ?? []).find((condition) => condition.type === type && condition.status === status);
}

/** What a Deployment says of pods that may not be made: a quota, an admission policy, a missing account. */
export function creationFailure(object: LiveObject): string | undefined {
  return conditionOf((object["status"] ?? {}) as Status, "ReplicaFailure", "True")?.message;
}
