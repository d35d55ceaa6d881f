import { ApiError } from "../../clusters/api";
import type { ClusterApi, ListQuery, LiveObject } from "../../clusters/api";

interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

/** What a workload's pods are made by, and those of its present revision. */
export interface Revision {
  /** The object that makes the pods: a Deployment's present ReplicaSet, or the workload itself. */
  readonly maker: LiveObject | undefined;
  readonly pods: readonly LiveObject[];
  /** Pods that an earlier revision left. */
  readonly old: readonly LiveObject[];
}

/** Reads the pods of a workload. Whoever may not list them gets none: the workload's status is enough to wait by. */
export async function readRevision(api: ClusterApi, kind: string, workload: LiveObject): Promise<Revision> {
  const { namespace } = workload.metadata;
  const labelSelector = selectorText(((workload["spec"] ?? {}) as { selector?: Selector }).selector);
  if (labelSelector === "") return { maker: workload, pods: [], old: [] };
  const find = (apiVersion: string, of: string): Promise<readonly LiveObject[]> =>
    listed(api, { apiVersion, kind: of, labelSelector, ...(namespace === undefined ? {} : { namespace }) });
  const maker = kind === "Deployment" ? newest(workload, await find("apps/v1", "ReplicaSet")) : workload;
  const hash = kind === "DaemonSet" ? await daemonHash(workload, find) : statefulHash(kind, workload);
  const pods = (await find("v1", "Pod")).filter((pod) => kind === "Deployment" || isOwned(pod, workload));
  const isNew = (pod: LiveObject): boolean =>
    kind === "Deployment"
      ? maker !== undefined && isOwned(pod, maker)
      : hash === undefined || pod.metadata.labels?.[REVISION_LABEL] === hash;
  return { maker, pods: pods.filter(isNew), old: pods.filter((pod) => !isNew(pod)) };
}

/** The label of a pod that tells its revision. Source: Kubernetes, `apps/v1.ControllerRevisionHashLabelKey`. */
const REVISION_LABEL = "controller-revision-hash";
/** Source: Kubernetes, deployment controller, `RevisionAnnotation`. */
const REVISION_ANNOTATION = "deployment.kubernetes.io/revision";

function newest(deployment: LiveObject, sets: readonly LiveObject[]): LiveObject | undefined {
  const revision = deployment.metadata.annotations?.[REVISION_ANNOTATION];
  return sets.find(
    (set) => isOwned(set, deployment) && set.metadata.annotations?.[REVISION_ANNOTATION] === revision,
  );
}

function statefulHash(kind: string, { status }: LiveObject): string | undefined {
  return kind === "StatefulSet"
    ? (status as { updateRevision?: string } | undefined)?.updateRevision
    : undefined;
}

async function daemonHash(
  workload: LiveObject,
  find: (apiVersion: string, kind: string) => Promise<readonly LiveObject[]>,
): Promise<string | undefined> {
  const revisions = (await find("apps/v1", "ControllerRevision")).filter((each) => isOwned(each, workload));
  const last = [...revisions].sort((a, b) => Number(b["revision"]) - Number(a["revision"]))[0];
  return last?.metadata.labels?.[REVISION_LABEL];
}

function isOwned({ metadata }: LiveObject, { metadata: { uid } }: LiveObject): boolean {
  return ((metadata["ownerReferences"] ?? []) as { uid: string }[]).some((owner) => owner.uid === uid);
}

/** The same for people who may not look: nothing, but no failure of a rollout that may be well. */
export async function listed(api: ClusterApi, query: ListQuery): Promise<readonly LiveObject[]> {
  try {
    return await api.list(query);
  } catch (error) {
    if (error instanceof ApiError && error.status === 403) return [];
    throw error;
  }
}

/** A label selector as a query has it. Source: Kubernetes, "Labels and Selectors". */
export function selectorText({ matchLabels = {}, matchExpressions = [] }: Selector = {}): string {
  const labels = Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`);
  const expressions = matchExpressions.map(({ key, operator, values = [] }) => {
    if (operator === "Exists") return key;
    if (operator === "DoesNotExist") return `!${key}`;
    return `${key} ${operator === "In" ? "in" : "notin"} (${values.join(",")})`;
  });
  return [...labels, ...expressions].join(",");
}
