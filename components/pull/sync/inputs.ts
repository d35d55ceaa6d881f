import { createHash } from "node:crypto";
import type { ClusterAccess } from "../../clusters/api";
import type { GitAccess } from "../../ledger/access";
import type { Kind } from "../../manifests/rules";
import type { OnUnreachable } from "../../push/unreachable";
import { canonicalJson } from "../../manifests/canonical";

/** How a delivery by an agent ended. */
export type SyncResult =
  /** This cluster's folder, as it was published, is applied and healthy. */
  | "live"
  /** A later commit has changed the folder again: what was published here is no longer asked for. */
  | "superseded"
  /** The agent did not come to an end in time. */
  | "timeout"
  /** It is on the branch, and nobody could be asked whether it is applied. */
  | "publishedNotVerified"
  /** It is in a pull request, and on the branch only when that is merged. */
  | "proposed";

/** What becomes of the workloads when the delivery is destroyed. */
export type PullTeardown = "orphan" | "delete";
/** What runs stays: an environment is seldom taken down together with what tells it what to run. */
export const DEFAULT_PULL_TEARDOWN: PullTeardown = "orphan";

/** What a `SyncGate` waits for. */
export interface SyncGateInputs {
  /** Name of the agent: `flux`. */
  readonly agent: string;
  readonly cluster: string;
  /** Names that it had before. @default none */
  readonly formerly?: readonly string[];
  readonly access: ClusterAccess;
  /** Of the agent's objects for the stack. */
  readonly namespace: string;
  readonly name: string;
  readonly repository: string;
  readonly branch: string;
  readonly gitAccess?: GitAccess;
  readonly folder: string;
  /** The commit that has the content. */
  readonly commit: string;
  /** Object id of the folder in it. */
  readonly tree: string;
  readonly published: "published" | "unchanged" | "proposed";
  readonly release: string;
  /** Whether the cluster is held back and keeps what it has: then it is not looked at. @default false */
  readonly held?: boolean;
  /** Tells what the agent reads the repository with from what it read it with before; empty without credentials. */
  readonly reader?: string;
  /** Kinds in the namespace, which the stack's account may change. */
  readonly kinds: readonly Kind[];
  /** How long to wait, in seconds. */
  readonly timeoutSeconds: number;
  /** Whether something comes after it that must not begin unless it is live. */
  readonly required: boolean;
  /** What becomes of the delivery when nobody can be asked. @default a failure when it is `required` */
  readonly onUnreachable?: OnUnreachable;
  readonly teardown: PullTeardown;
  /** Whether the agent's objects are this delivery's: else it only looks at them. @default true */
  readonly owned?: boolean;
  /** Whether the cluster is given up, and what becomes of what runs there: then the agent lets it go, once. @default no */
  readonly retired?: PullTeardown;
}

/** What the engine keeps of it. The access is among the inputs alone. */
export interface SyncGateOutputs extends SyncGateInputs {
  readonly result: SyncResult | "retired";
  /** The agent's own words. */
  readonly message: string;
  /** The commit that the agent has applied, as far as it was seen. */
  readonly applied: string;
  readonly fingerprint: string;
  /** What a refresh saw, when the folder is not applied and healthy any more. */
  readonly drift?: string;
}

/** What has to change for the agent to be asked again. */
export function fingerprint(inputs: SyncGateInputs): string {
  const { cluster, namespace, name, repository, branch, folder, tree, published, release } = inputs;
  const { reader = "", teardown } = inputs;
  const place = { cluster, namespace, name, repository, branch, folder };
  const content = { ...place, tree, published, release, reader, teardown };
  return createHash("sha256").update(canonicalJson(content)).digest("hex");
}
