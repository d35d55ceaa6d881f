import type { ClusterApi, ObjectRef } from "../clusters/api";
import type { Environment } from "../environment";

/** What one look at a cluster found. The reason is for people; it names objects, and never a credential. */
export interface Verdict {
  /**
   * - `passed`: it is as wanted.
   * - `pending`: it is not, and may become so by itself.
   * - `failed`: it is not, and will not become so by itself. It counts when it holds for a while, since what is over in
   *   a moment was none.
   */
  readonly state: "passed" | "pending" | "failed";
  readonly reason: string;
}

export const passed = (reason: string): Verdict => ({ state: "passed", reason });
export const pending = (reason: string): Verdict => ({ state: "pending", reason });
export const failed = (reason: string): Verdict => ({ state: "failed", reason });

/** The cluster that is looked at, and what was delivered to it. */
export interface CheckTarget {
  /** Its name. */
  readonly cluster: string;
  readonly api: ClusterApi;
  readonly app: string;
  readonly namespace: string;
  /** What was delivered and takes time to get ready; see {@link ROLLOUT_KINDS}. */
  readonly workloads: readonly ObjectRef[];
  /** Names this passing of the gate: what a check makes in the cluster is named by it, and is made once. */
  readonly run: string;
  /** Where a check finds the secrets that it needs. */
  readonly environment: Environment;
}

/**
 * One kind of check. Its inputs are plain data that the state keeps, so they hold no secret but the name of its place.
 * A new kind is a folder here, an entry in `kinds.ts` and one in the contract's suite.
 */
export interface CheckKind<Inputs> {
  /** Problems of the inputs, known before anything is declared. `at` says where they stand. */
  check(inputs: Inputs, at: string): string[];
  /** What it looks at, in a few words: "GET /healthz of Service web is 200". */
  title(inputs: Inputs): string;
  /**
   * Looks once and does not wait. Whoever watches asks again, and takes what it throws for an answer: a server that
   * cannot be reached may be back, one that refuses will go on doing so.
   */
  observe(inputs: Inputs, target: CheckTarget): Promise<Verdict>;
  /** Whether it is over once it has passed, as a job is; other checks hold on while the gate bakes. */
  readonly once: boolean;
}
