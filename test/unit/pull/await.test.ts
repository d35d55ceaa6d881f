import { describe, expect, it } from "vitest";
import { ApiError, UnreachableError } from "../../../components/clusters/api";
import type { ClusterApi, LiveObject, ObjectRef } from "../../../components/clusters/api";
import { fluxAgent } from "../../../components/pull/flux";
import { awaitSync } from "../../../components/pull/sync/await";
import { finishSync } from "../../../components/pull/sync/finish";
import type { SyncGateInputs } from "../../../components/pull/sync/inputs";

const COMMIT = "4f2a91c0".repeat(5);
const inputs: SyncGateInputs = {
  ...{ agent: "flux", cluster: "eu", access: { context: "eu" }, namespace: "shop", name: "shop-delivery" },
  ...{ repository: "https://git.invalid/acme/deploy.git", branch: "deploy/shop/prod", folder: "clusters/eu" },
  ...{ commit: COMMIT, tree: "1", published: "published", release: "shop-1", kinds: [] },
  ...{ timeoutSeconds: 5, required: false, teardown: "orphan" },
};

/** A cluster with the agent's two objects, whose agent answers when it is asked to look again. */
class FakeCluster {
  readonly requests: string[] = [];
  readonly gone = new Set<string>();
  finalizers = true;
  answer: (request: string) => Record<string, unknown> = () => ({});
  fails: (() => Error) | undefined;
  /** Whether the agent looks at the repository when it is asked to. */
  looks = true;
  /** What the agent is told. */
  spec: Record<string, unknown> = { path: "./clusters/eu" };
  /** Whether an agent shows that it has seen a change. */
  alive = false;
  #version = 1;
  #request = "";

  get api(): ClusterApi {
    return {
      get: async ({ kind }: ObjectRef): Promise<LiveObject | undefined> => {
        if (this.fails !== undefined) throw this.fails();
        if (this.gone.has(kind)) return undefined;
        if (this.alive) this.#version++;
        const status = this.#request === "" ? {} : this.#statusOf(kind);
        return { metadata: this.#metadata(), spec: kind === "Kustomization" ? this.spec : {}, status };
      },
      merge: async (
        { kind }: ObjectRef,
        patch: { metadata?: { annotations?: object; finalizers?: null }; spec?: object },
      ) => {
        this.requests.push(`${kind} ${Object.keys(patch.metadata ?? patch.spec ?? patch).join()}`);
        if (patch.metadata?.finalizers === null) this.gone.add(kind);
        this.#request = String(Object.values(patch.metadata?.annotations ?? {})[0] ?? this.#request);
        this.#version++;
        return { metadata: this.#metadata() };
      },
      remove: async ({ kind }: ObjectRef) => {
        if (!this.finalizers) this.gone.add(kind);
      },
    } as unknown as ClusterApi;
  }

  #metadata(): LiveObject["metadata"] {
    return { name: "shop-delivery", uid: "1", generation: 1, resourceVersion: String(this.#version) };
  }

  #statusOf(kind: string): Record<string, unknown> {
    if (kind === "Kustomization") return this.answer(this.#request);
    return {
      lastHandledReconcileAt: this.looks ? this.#request : "before",
      conditions: [{ type: "Ready", status: "True", reason: "Succeeded", message: "stored" }],
    };
  }
}

const said = (status: string, reason: string, message: string) => (request: string) => ({
  observedGeneration: 1,
  lastHandledReconcileAt: request,
  lastAppliedRevision: `deploy/shop/prod@sha1:${COMMIT}`,
  lastAttemptedRevision: `deploy/shop/prod@sha1:${COMMIT}`,
  conditions: [{ type: "Ready", status, reason, message }],
});
const wait = (cluster: FakeCluster) => awaitSync(inputs, { api: cluster.api, agent: fluxAgent });

describe("waiting for an agent", () => {
  it("does not take for live what the agent has read in another folder, whoever has told it so", async () => {
    const cluster = new FakeCluster();
    cluster.spec = { path: "./clusters/europe" };
    cluster.answer = said("True", "ReconciliationSucceeded", "Applied");
    expect(await wait(cluster)).toMatchObject({
      result: "failed",
      message:
        'the agent reads the folder "clusters/europe", and this is published to "clusters/eu"; update what tells it where to read',
    });
    cluster.spec = { path: "clusters/eu/" };
    expect(await wait(cluster)).toMatchObject({ result: "live" });
  });

  it("asks it to look at source and application once, and ends when it is live", async () => {
    const cluster = new FakeCluster();
    cluster.answer = said("True", "ReconciliationSucceeded", "Applied");
    expect(await wait(cluster)).toEqual({ result: "live", message: "Applied", applied: COMMIT });
    expect(cluster.requests).toEqual(["GitRepository annotations", "Kustomization annotations"]);
  });

  it("ends at once when it gives the release up, in its words", async () => {
    const cluster = new FakeCluster();
    cluster.answer = said("False", "HealthCheckFailed", "Deployment/web failed");
    const begun = performance.now();
    expect(await wait(cluster)).toMatchObject({
      result: "failed",
      message: "HealthCheckFailed: Deployment/web failed",
    });
    expect(performance.now() - begun).toBeLessThan(3000);
  });

  it("goes on until the agent could read the repository, although what it has applied is the same", async () => {
    const cluster = new FakeCluster();
    cluster.answer = said("True", "ReconciliationSucceeded", "Applied");
    cluster.looks = false;
    const brief = { ...inputs, timeoutSeconds: 1 };
    expect((await awaitSync(brief, { api: cluster.api, agent: fluxAgent })).result).toBe("timeout");
    cluster.looks = true;
    expect((await wait(cluster)).result).toBe("live");
  });

  it("ends with its last word when the time is over", async () => {
    const cluster = new FakeCluster();
    cluster.answer = said("Unknown", "Progressing", "Reconciliation in progress");
    const { result, message } = await awaitSync(
      { ...inputs, timeoutSeconds: 1 },
      { api: cluster.api, agent: fluxAgent },
    );
    expect([result, message]).toEqual([
      "timeout",
      "after 1 s the agent's last word is: Reconciliation in progress",
    ]);
  });

  it("goes on through errors of the API server, and fails at once where it may not look", async () => {
    const cluster = new FakeCluster();
    cluster.answer = said("True", "ReconciliationSucceeded", "Applied");
    let times = 0;
    cluster.fails = () => {
      if (++times > 2) cluster.fails = undefined;
      return new ApiError(503, "busy");
    };
    expect((await wait(cluster)).result).toBe("live");
    cluster.fails = () => new ApiError(403, "forbidden");
    await expect(wait(cluster)).rejects.toThrow("forbidden");
  });

  it("has published, but not verified, where no cluster answers", async () => {
    const cluster = new FakeCluster();
    cluster.fails = () => new UnreachableError("eu.example.com cannot be reached (ECONNREFUSED)");
    const outcome = await awaitSync(inputs, { api: cluster.api, agent: fluxAgent, unreachableMs: 600 });
    expect(outcome).toMatchObject({ result: "publishedNotVerified" });
    expect(outcome.message).toContain("ECONNREFUSED");
  });
});

const ALL = ["Alert", "GitRepository", "Kustomization", "Provider", "Receiver"];

describe("taking a stack from its agent", () => {
  it("removes its objects and leaves the finalizers to an agent that lives", async () => {
    const cluster = new FakeCluster();
    cluster.finalizers = false;
    expect(await finishSync(inputs, cluster.api, fluxAgent)).toBeUndefined();
    expect(cluster.requests).toEqual([]);
  });

  it("takes the finalizers away when the agent is dead", async () => {
    const cluster = new FakeCluster();
    await finishSync(inputs, cluster.api, fluxAgent, 300);
    expect([...cluster.gone].sort()).toEqual(ALL);
  });

  it("has the agent delete what runs where that is asked for, also when somebody has suspended it", async () => {
    const cluster = new FakeCluster();
    cluster.finalizers = false;
    cluster.alive = true;
    expect(await finishSync({ ...inputs, teardown: "delete" }, cluster.api, fluxAgent, 300)).toBeUndefined();
    expect(cluster.requests).toEqual(["Kustomization deletionPolicy,suspend"]);
  });

  it("waits for no agent that does not stir, and says what stayed", async () => {
    const cluster = new FakeCluster();
    const begun = performance.now();
    const left = await finishSync({ ...inputs, teardown: "delete" }, cluster.api, fluxAgent, 300);
    expect(left).toContain("the workloads were left as they are");
    expect(performance.now() - begun).toBeLessThan(3000);
    expect([...cluster.gone].sort()).toEqual(ALL);
  });
});
