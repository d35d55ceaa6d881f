import { ClusterApi } from "../../../components/clusters/api";
import type { Answer, Call, LiveObject, ObjectRef } from "../../../components/clusters/api";
import type { CheckTarget } from "../../../components/checks";

/** An object as a test gives it. */
export interface Given {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

const PLURALS: Readonly<Record<string, string>> = {
  Deployment: "deployments",
  StatefulSet: "statefulsets",
  DaemonSet: "daemonsets",
  ReplicaSet: "replicasets",
  ControllerRevision: "controllerrevisions",
  Pod: "pods",
  Event: "events",
  Job: "jobs",
  Widget: "widgets",
};

/** A cluster that holds some objects, all in the namespace `shop`. */
export class FakeCluster {
  readonly asked: Call[] = [];
  objects: readonly Given[];
  /** What is answered in place of the objects, by a part of the path. */
  readonly answers = new Map<string, Answer>();

  constructor(objects: readonly Given[] = []) {
    this.objects = objects;
  }

  target(workloads: readonly ObjectRef[] = []): CheckTarget {
    const api = new ClusterApi(async (call) => this.#answer(call));
    return {
      cluster: "eu",
      api,
      app: "shop",
      namespace: "shop",
      workloads,
      run: "a1b2c3d4",
      environment: {},
    };
  }

  #answer(call: Call): Answer {
    this.asked.push(call);
    const fixed = [...this.answers].find(([part]) => call.path.includes(part));
    if (fixed !== undefined) return { at: NOW, ...fixed[1] };
    return { status: 200, at: NOW, text: JSON.stringify(this.#found(call.path)) };
  }

  #found(path: string): object {
    const [, version, , plural, name] =
      /^\/apis?\/(v1|[^/]+\/v1)(\/namespaces\/shop\/([a-z]+)(?:\/([^?]+))?)?/.exec(path) ?? [];
    if (plural === undefined) {
      const kinds = Object.entries(PLURALS);
      return { resources: kinds.map(([kind, resource]) => ({ kind, name: resource, namespaced: true })) };
    }
    const items = this.objects.filter((each) => each.apiVersion === version && PLURALS[each.kind] === plural);
    if (name === undefined) return { items };
    return items.find(({ metadata }) => metadata.name === name) ?? { metadata: { name: "" } };
  }
}

/** The cluster's clock. */
export const NOW = Date.parse("2026-11-25T12:00:00Z");
export const secondsAgo = (seconds: number): string => new Date(NOW - seconds * 1000).toISOString();

export const ref = (kind: string, name = "web"): ObjectRef => ({
  apiVersion: kind === "Job" ? "batch/v1" : "apps/v1",
  kind,
  namespace: "shop",
  name,
});

/** A workload `web` of generation 3 that its controller has seen. */
export function workload(kind: string, status: object, spec: object = {}): Given & LiveObject {
  const annotations = { "deployment.kubernetes.io/revision": "2" };
  return {
    apiVersion: kind === "Job" ? "batch/v1" : "apps/v1",
    kind,
    metadata: { name: "web", namespace: "shop", uid: "web-uid", generation: 3, annotations },
    spec: { selector: { matchLabels: { app: "web" } }, ...spec },
    status: { observedGeneration: 3, ...status },
  };
}

/** A ReplicaSet of the Deployment `web`. */
export function replicaSet(revision: number): Given {
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name: `web-${revision}`,
      namespace: "shop",
      uid: `set-${revision}`,
      annotations: { "deployment.kubernetes.io/revision": String(revision) },
      ownerReferences: [{ uid: "web-uid" }],
    },
  };
}

/** A pod by its owner's uid. */
export function pod(name: string, owner: string, status: object, labels: object = {}): Given & LiveObject {
  const metadata = {
    name,
    namespace: "shop",
    uid: name,
    labels: labels as Record<string, string>,
    ownerReferences: [{ uid: owner }],
  };
  return { apiVersion: "v1", kind: "Pod", metadata, status };
}

/** The status of a pod whose container `web` waits for a reason. */
export const waits = (reason: string, more: object = {}): object => ({
  containerStatuses: [
    { name: "web", state: { waiting: { reason, message: `${reason} says the kubelet` } }, ...more },
  ],
});

export const crashes = (restartCount: number, message = "no database"): object =>
  waits("CrashLoopBackOff", {
    restartCount,
    lastState: { terminated: { exitCode: 3, reason: "Error", message } },
  });

/** A failure to make pods, as the controller of an owner reports it. */
export function refused(owner: string, message: string, ago: number): Given {
  const involvedObject = { uid: owner };
  const metadata = { name: `event-${ago}`, namespace: "shop", uid: `event-${ago}` };
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata,
    involvedObject,
    reason: "FailedCreate",
    message,
    lastTimestamp: secondsAgo(ago),
  };
}
