import { describe, expect, it } from "vitest";
import type { LiveObject } from "../../../components/clusters/api";
import { fluxAgent } from "../../../components/pull/flux";

const COMMIT = "4f2a91c0".repeat(5);
const OLDER = "1b20d4aa".repeat(5);
const revision = (commit: string): string => `deploy/shop/prod@sha1:${commit}`;

interface Said {
  readonly ready?: readonly [status: string, reason: string, message: string];
  readonly reconciling?: readonly [reason: string, message: string];
  readonly applied?: string;
  readonly attempted?: string;
  readonly handled?: string;
  readonly suspended?: boolean;
  readonly observed?: number;
}

function conditions({ ready, reconciling }: Said): object[] {
  const [status, reason, message] = ready ?? [];
  const [what, at] = reconciling ?? [];
  return [
    ...(ready === undefined ? [] : [{ type: "Ready", status, reason, message }]),
    ...(reconciling === undefined
      ? []
      : [{ type: "Reconciling", status: "True", reason: what, message: at }]),
  ];
}

function object(said: Said): LiveObject {
  const { applied, attempted, handled, suspended = false, observed = 3 } = said;
  return {
    metadata: { name: "shop", uid: "1", generation: 3 },
    spec: { suspend: suspended },
    status: {
      observedGeneration: observed,
      conditions: conditions(said),
      ...(applied === undefined ? {} : { lastAppliedRevision: revision(applied) }),
      ...(attempted === undefined ? {} : { lastAttemptedRevision: revision(attempted) }),
      ...(handled === undefined ? {} : { lastHandledReconcileAt: handled }),
    },
  };
}

const fetched = object({ ready: ["True", "Succeeded", "stored artifact"] });
const read = (sync: Said, source = fetched) => fluxAgent.readStatus({ source, sync: object(sync) });

describe("what Flux says", () => {
  it("is healthy with the commit that was applied", () => {
    const said = read({
      ready: ["True", "ReconciliationSucceeded", "Applied"],
      applied: COMMIT,
      attempted: COMMIT,
    });
    expect(said).toMatchObject({ state: "healthy", commit: COMMIT, message: "Applied" });
  });

  it("is not healthy yet when it is about an older version of the Kustomization", () => {
    const said = read({
      ready: ["True", "ReconciliationSucceeded", "Applied"],
      applied: COMMIT,
      observed: 2,
    });
    expect(said.state).toBe("working");
  });

  it.each(["BuildFailed", "ReconciliationFailed", "HealthCheckFailed", "PruneFailed"])(
    "is failed with the commit that was tried, after %s",
    (reason) => {
      const said = read({
        ready: ["False", reason, "why"],
        applied: OLDER,
        attempted: COMMIT,
        handled: "now",
      });
      expect(said).toMatchObject({
        state: "failed",
        commit: COMMIT,
        handled: "now",
        message: `${reason}: why`,
      });
    },
  );

  it("is no verdict while the next try runs, which still stands beside the failure of the one before", () => {
    const failure = { ready: ["False", "ReconciliationFailed", "why"], attempted: COMMIT } as const;
    const running = read({ ...failure, reconciling: ["Progressing", "Building manifests"] });
    expect(running).toMatchObject({ state: "working", commit: COMMIT, message: "Building manifests" });
    const ended = read({ ...failure, reconciling: ["ProgressingWithRetry", "Building manifests"] });
    expect(ended).toMatchObject({ state: "failed", commit: COMMIT, message: "ReconciliationFailed: why" });
  });

  it.each(["HealthCheckCanceled", "DependencyNotReady", "ArtifactFailed"])(
    "is no verdict after %s",
    (reason) => {
      expect(read({ ready: ["False", reason, "why"], attempted: COMMIT }).state).toBe("working");
    },
  );

  it("is suspended when either of the two objects is", () => {
    expect(read({ suspended: true }).state).toBe("suspended");
    expect(read({}, object({ suspended: true })).state).toBe("suspended");
  });

  it("tells that the repository cannot be read, with the reason", () => {
    const source = object({ ready: ["False", "GitOperationFailed", "authentication required"] });
    const said = read({ ready: ["True", "ReconciliationSucceeded", "Applied"], applied: OLDER }, source);
    expect(said).toMatchObject({
      state: "working",
      source: "unreadable",
      message: "authentication required",
    });
  });
});
