import { describe, expect, it } from "vitest";
import type { Verdict } from "../../../components/checks";
import { rolloutReadyKind } from "../../../components/checks/rollout-ready";
import {
  MAX_MESSAGE,
  podProblem,
  said,
  TERMINAL_REASONS,
} from "../../../components/checks/rollout-ready/pods";
import { selectorText } from "../../../components/checks/rollout-ready/revision";
import { readWorkload } from "../../../components/checks/rollout-ready/workloads";
import { crashes, FakeCluster, pod, ref, refused, replicaSet, waits, workload } from "./world";
import type { Given } from "./world";

const READY = { replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2 };
const deployment = (status: object, spec: object = {}): Given =>
  workload("Deployment", status, { replicas: 2, ...spec });

const observe = (objects: readonly Given[], kind = "Deployment", restarts = 0): Promise<Verdict> =>
  rolloutReadyKind.observe({ check: "rolloutReady", restarts }, new FakeCluster(objects).target([ref(kind)]));

describe("a workload", () => {
  const progress = (status: string, reason: string): object => ({
    conditions: [{ type: "Progressing", status, reason, message: "web has timed out" }],
  });

  it.each([
    ["Deployment", { replicas: 2 }, READY, "passed", "2 of 2 pods are available"],
    ["Deployment", { replicas: 0 }, {}, "passed", "0 of 0 pods are available"],
    [
      "Deployment",
      { replicas: 2 },
      { ...READY, observedGeneration: 2 },
      "pending",
      "its controller has not seen generation 3 yet",
    ],
    ["Deployment", { replicas: 2 }, { ...READY, updatedReplicas: 1 }, "pending", "1 of 2 pods are new"],
    ["Deployment", { replicas: 2, paused: true }, {}, "pending", "0 of 2 pods are new; it is paused"],
    ["Deployment", { replicas: 2 }, { ...READY, replicas: 3 }, "pending", "1 old pods are still there"],
    [
      "Deployment",
      { replicas: 2 },
      { ...READY, availableReplicas: 1 },
      "pending",
      "1 of 2 pods are available",
    ],
    [
      "Deployment",
      { replicas: 2 },
      progress("False", "ProgressDeadlineExceeded"),
      "failed",
      "web has timed out (ProgressDeadlineExceeded)",
    ],
    [
      "Deployment",
      { replicas: 2 },
      { ...READY, ...progress("True", "NewReplicaSetAvailable") },
      "passed",
      "2 of 2 pods are available",
    ],
    [
      "StatefulSet",
      { replicas: 2 },
      { ...READY, currentRevision: "a", updateRevision: "a" },
      "passed",
      "2 of 2 pods are ready",
    ],
    [
      "StatefulSet",
      { replicas: 2 },
      { ...READY, updatedReplicas: 1, currentRevision: "a", updateRevision: "b" },
      "pending",
      "1 of 2 pods are new",
    ],
    [
      "StatefulSet",
      { replicas: 2 },
      { ...READY, readyReplicas: 0, currentRevision: "a", updateRevision: "a" },
      "pending",
      "0 of 2 pods are ready",
    ],
    [
      "StatefulSet",
      { replicas: 3, updateStrategy: { rollingUpdate: { partition: 2 } } },
      { readyReplicas: 3, updatedReplicas: 1, currentRevision: "a", updateRevision: "b" },
      "passed",
      "3 of 3 pods are ready",
    ],
    [
      "StatefulSet",
      { replicas: 1, updateStrategy: { type: "OnDelete" } },
      { readyReplicas: 1, currentRevision: "a", updateRevision: "b" },
      "passed",
      "1 of 1 pods are ready",
    ],
    [
      "DaemonSet",
      {},
      { desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 2 },
      "passed",
      "2 of 2 pods are available",
    ],
    [
      "DaemonSet",
      {},
      { desiredNumberScheduled: 2, updatedNumberScheduled: 1, numberAvailable: 2 },
      "pending",
      "1 of 2 pods are new",
    ],
    [
      "DaemonSet",
      {},
      { desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 1 },
      "pending",
      "1 of 2 pods are available",
    ],
    ["Job", {}, { conditions: [{ type: "Complete", status: "True" }] }, "passed", "it is complete"],
    [
      "Job",
      {},
      {
        conditions: [
          { type: "Failed", status: "True", reason: "BackoffLimitExceeded", message: "too often" },
        ],
      },
      "failed",
      "too often (BackoffLimitExceeded)",
    ],
    ["Job", {}, {}, "pending", "it is not complete"],
    ["Job", { suspend: true }, {}, "pending", "it is suspended"],
  ])("%s %j with status %j is %s: %s", (kind, spec, status, ...verdict) => {
    const [state, reason] = verdict;
    expect(readWorkload(kind, workload(kind, status, spec))).toEqual({ state, reason });
  });

  it("that is being deleted is not ready, whatever its status says", () => {
    const object = workload("Deployment", READY, { replicas: 2 });
    const deleted = {
      ...object,
      metadata: { ...object.metadata, deletionTimestamp: "2026-11-25T00:00:00Z" },
    };
    expect(readWorkload("Deployment", deleted).state).toBe("pending");
  });
});

describe("a pod", () => {
  it.each([...TERMINAL_REASONS])("that waits because of %s is not waited for", (reason) => {
    expect(podProblem(pod("web-1", "set-2", waits(reason)), 0)).toMatchObject({ state: "failed" });
  });

  it.each(["ContainerCreating", "PodInitializing"])("that waits because of %s has no problem", (reason) => {
    expect(podProblem(pod("web-1", "set-2", waits(reason)), 0)).toBeUndefined();
  });

  it("that crashes is told with the exit code and the last message of its container", () => {
    expect(podProblem(pod("web-1", "set-2", crashes(4)), 0)).toEqual({
      state: "failed",
      reason:
        "container web of pod web-1: CrashLoopBackOff, 4 restarts, ended with exit code 3 (Error): no database",
    });
  });

  it("may crash as often as is borne", () => {
    expect(podProblem(pod("web-1", "set-2", crashes(2)), 3)?.state).toBe("pending");
    expect(podProblem(pod("web-1", "set-2", crashes(3)), 3)?.state).toBe("failed");
  });

  it("whose image cannot be pulled is told with what the kubelet says", () => {
    const problem = podProblem(pod("web-1", "set-2", waits("ImagePullBackOff")), 0);
    expect(problem?.reason).toBe(
      "container web of pod web-1: ImagePullBackOff: ImagePullBackOff says the kubelet",
    );
  });

  it("whose init container crashes is found, too", () => {
    const { containerStatuses: initContainerStatuses } = crashes(1) as { containerStatuses: unknown[] };
    expect(podProblem(pod("web-1", "set-2", { initContainerStatuses }), 0)?.state).toBe("failed");
  });

  it("without a node is waited for: one may come", () => {
    const conditions = [{ type: "PodScheduled", status: "False", message: "0/2 nodes are available" }];
    expect(podProblem(pod("web-1", "set-2", { conditions }), 0)).toEqual({
      state: "pending",
      reason: "pod web-1 has no node: 0/2 nodes are available",
    });
  });

  it("says nothing that moves a cursor, and no more than is bearable", () => {
    expect(said("a\n\u001b[31mb\t c")).toBe(": a [31mb c");
    expect(said(undefined)).toBe("");
    expect(said("x".repeat(10_000))).toHaveLength(MAX_MESSAGE + 4);
  });
});

describe("a rollout", () => {
  it("is done when all workloads are, with one request for each kind", async () => {
    const cluster = new FakeCluster([deployment(READY)]);
    const refs = [ref("Deployment"), ref("Deployment")];
    const verdict = await rolloutReadyKind.observe({ check: "rolloutReady" }, cluster.target(refs));
    expect(verdict).toEqual({ state: "passed", reason: "2 workloads are rolled out" });
    expect(cluster.asked.map(({ path }) => path)).toEqual([
      "/apis/apps/v1",
      "/apis/apps/v1/namespaces/shop/deployments?",
    ]);
  });

  it("waits for what is not there, but for no Job that is gone", async () => {
    expect(await observe([])).toEqual({ state: "pending", reason: "Deployment web: it is not there" });
    expect((await observe([], "Job")).state).toBe("passed");
  });

  it("fails by the pods of the present revision, and not by those that it takes the place of", async () => {
    const objects = [
      deployment({ ...READY, updatedReplicas: 1, availableReplicas: 1 }),
      replicaSet(1),
      replicaSet(2),
    ];
    const old = pod("old", "set-1", crashes(9));
    expect((await observe([...objects, old, pod("new", "set-2", {})])).state).toBe("pending");
    const verdict = await observe([...objects, old, pod("new", "set-2", crashes(1))]);
    expect(verdict).toMatchObject({ state: "failed" });
    expect(verdict.reason).toMatch(
      /^Deployment web: container web of pod new: CrashLoopBackOff.*no database$/,
    );
  });

  it.each([
    ["StatefulSet", { updateRevision: "b", currentRevision: "a" }, []],
    [
      "DaemonSet",
      { desiredNumberScheduled: 1 },
      [
        {
          apiVersion: "apps/v1",
          kind: "ControllerRevision",
          revision: 1,
          metadata: {
            name: "a",
            uid: "a",
            labels: { "controller-revision-hash": "a" },
            ownerReferences: [{ uid: "web-uid" }],
          },
        },
        {
          apiVersion: "apps/v1",
          kind: "ControllerRevision",
          revision: 10,
          metadata: {
            name: "b",
            uid: "b",
            labels: { "controller-revision-hash": "b" },
            ownerReferences: [{ uid: "web-uid" }],
          },
        },
      ],
    ],
  ])("of a %s does, too", async (kind, status, more) => {
    const of = (hash: string): Given =>
      pod(`web-${hash}`, "web-uid", crashes(1), { "controller-revision-hash": hash });
    expect((await observe([workload(kind, status), ...more, of("a")], kind)).state).toBe("pending");
    expect((await observe([workload(kind, status), ...more, of("a"), of("b")], kind)).state).toBe("failed");
  });

  it("of a StatefulSet names the pod of an earlier revision that is in the way of all others", async () => {
    const stuck = pod("web-0", "web-uid", crashes(1), { "controller-revision-hash": "a" });
    const set = workload("StatefulSet", { updateRevision: "b", currentRevision: "a" });
    const { state, reason } = await observe([set, stuck], "StatefulSet");
    expect(state).toBe("pending");
    expect(reason).toMatch(/no database; .*is waited for until: kubectl delete pod web-0 --namespace shop$/);
  });

  it("fails when its pods may not be made, by what was tried since the gate began or shortly before", async () => {
    const objects = [deployment({}), replicaSet(2)];
    const message = "exceeded quota: small";
    const verdict = await observe([...objects, refused("set-2", message, 5)]);
    expect(verdict).toEqual({
      state: "failed",
      reason: `Deployment web: its pods may not be made: ${message}`,
    });
  });

  it("waits for the next try when the last one is long ago, and says so", async () => {
    const conditions = [{ type: "ReplicaFailure", status: "True", message: "exceeded quota: small" }];
    const objects = [
      deployment({ conditions }),
      replicaSet(2),
      refused("set-2", "exceeded quota: small", 90),
    ];
    expect(await observe(objects)).toEqual({
      state: "pending",
      reason:
        "Deployment web: 0 of 2 pods are new; its pods could not be made at the last try: exceeded quota: small",
    });
  });

  it("goes by its status alone for somebody who may not look at pods", async () => {
    const cluster = new FakeCluster([deployment({}), replicaSet(2)]);
    cluster.answers.set("/pods", { status: 403, text: '{"message":"pods is forbidden"}' });
    cluster.answers.set("/events", { status: 403, text: '{"message":"events is forbidden"}' });
    const verdict = await rolloutReadyKind.observe(
      { check: "rolloutReady" },
      cluster.target([ref("Deployment")]),
    );
    expect(verdict).toEqual({ state: "pending", reason: "Deployment web: 0 of 2 pods are new" });
  });

  it("names all workloads that fail at once", async () => {
    const one = deployment(READY);
    const jobs = ["a", "b"].map((name) => ({
      ...workload("Job", { conditions: [{ type: "Failed", status: "True", message: `${name} failed` }] }),
      metadata: { name, namespace: "shop", uid: name },
    }));
    const target = new FakeCluster([one, ...jobs]).target([
      ref("Deployment"),
      ref("Job", "a"),
      ref("Job", "b"),
    ]);
    const verdict = await rolloutReadyKind.observe({ check: "rolloutReady" }, target);
    expect(verdict.reason).toBe("Job a: a failed (Failed); Job b: b failed (Failed)");
  });

  it("finds pods by any selector", () => {
    const matchExpressions = [
      { key: "tier", operator: "In", values: ["a", "b"] },
      { key: "old", operator: "DoesNotExist" },
      { key: "new", operator: "Exists" },
      { key: "x", operator: "NotIn", values: ["y"] },
    ];
    expect(selectorText({ matchLabels: { app: "web" }, matchExpressions })).toBe(
      "app=web,tier in (a,b),!old,new,x notin (y)",
    );
    expect(selectorText(undefined)).toBe("");
  });
});
