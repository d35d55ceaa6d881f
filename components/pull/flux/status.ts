import type { LiveObject } from "../../clusters/api";
import { fieldsAt, fieldsOf, listOf } from "../../manifests/fields";
import type { Fields } from "../../manifests/fields";
import type { AgentObjects, AgentStatus } from "../contract";

/** What Flux says of an object that it has looked at. Source: Flux, "Kustomization: Conditions". */
interface Ready {
  readonly status: "True" | "False" | "Unknown";
  readonly reason: string;
  readonly message: string;
}

/** A `False` that is no verdict: another revision has come, or something is not there yet. */
const UNDECIDED = new Set(["HealthCheckCanceled", "DependencyNotReady", "ArtifactFailed"]);
const NOT_TOLD = "Flux has not looked at it yet; is kustomize-controller running?";

/** Where Flux is with a stack, by its GitRepository and its Kustomization. */
export function readFluxStatus({ source, sync }: AgentObjects<LiveObject | undefined>): AgentStatus {
  if (sync === undefined) return { ...EMPTY, state: "absent", message: "there is no Kustomization" };
  const repository = readyOf(source);
  const unreadable = repository?.status === "False" && isSettled(source);
  const common = {
    handled: textAt(sync, "lastHandledReconcileAt"),
    looked: repository?.status === "True" ? textAt(source, "lastHandledReconcileAt") : undefined,
    source: unreadable ? ("unreadable" as const) : ("readable" as const),
    folder: folderOf(sync),
  };
  if (fieldsOf(sync.spec).suspend === true || fieldsOf(source?.spec).suspend === true) {
    return { ...common, ...appliedOf(sync), state: "suspended", message: "it is suspended" };
  }
  if (unreadable) return { ...common, ...attemptedOf(sync), state: "working", message: repository.message };
  return { ...common, ...verdict(sync) };
}

/** `./clusters/eu` → `clusters/eu` */
function folderOf(sync: LiveObject): string | undefined {
  const { path } = fieldsOf(sync.spec);
  return typeof path === "string" ? path.replace(/^\.\/|\/$/g, "") : undefined;
}

const EMPTY = { commit: undefined, handled: undefined, looked: undefined, source: "readable" } as const;

function verdict(sync: LiveObject): Pick<AgentStatus, "state" | "commit" | "message"> {
  const ready = readyOf(sync);
  if (ready === undefined) return { state: "working", commit: undefined, message: NOT_TOLD };
  const { status, reason, message } = ready;
  if (status === "True" && isSettled(sync)) return { ...appliedOf(sync), state: "healthy", message };
  if (status === "False" && isSettled(sync) && !UNDECIDED.has(reason) && !isAtWork(sync)) {
    return { ...attemptedOf(sync), state: "failed", message: `${reason}: ${message}` };
  }
  return { ...attemptedOf(sync), state: "working", message: progressOf(sync) ?? message };
}

/** Whether what it says is about the object as it is now. After a failure only the condition itself tells. */
function isSettled(object: LiveObject | undefined): boolean {
  const { observedGeneration = fieldsOf(object?.status).observedGeneration } =
    conditionOf(object, "Ready") ?? {};
  return observedGeneration === object?.metadata.generation;
}

function readyOf(object: LiveObject | undefined): Ready | undefined {
  return conditionOf(object, "Ready") as unknown as Ready | undefined;
}

/**
 * Whether a reconciliation runs: a failure beside it is the one before. Flux begins with what its cache has, and when
 * that is older than its own last word, the old failure stays while the revision that is tried is the new one already.
 * Source: kustomize-controller, `finalizeStatus`: an ended one has the reason `ProgressingWithRetry`.
 */
function isAtWork(object: LiveObject): boolean {
  const { status, reason } = conditionOf(object, "Reconciling") ?? {};
  return status === "True" && reason === "Progressing";
}

/** While it works, "Reconciling" says at what. */
function progressOf(object: LiveObject): string | undefined {
  const { message } = conditionOf(object, "Reconciling") ?? {};
  return typeof message === "string" ? message : undefined;
}

function conditionOf(object: LiveObject | undefined, type: string): Fields | undefined {
  return listOf(fieldsOf(object?.status).conditions).find((condition) => condition.type === type);
}

const appliedOf = (sync: LiveObject): { commit: string | undefined } => ({
  commit: commitOf(textAt(sync, "lastAppliedRevision")),
});
const attemptedOf = (sync: LiveObject): { commit: string | undefined } => ({
  commit: commitOf(textAt(sync, "lastAttemptedRevision")),
});

function textAt(object: LiveObject | undefined, field: string): string | undefined {
  const value = fieldsAt(object, "status")[field];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** `deploy/shop/prod@sha1:4f2a…` → the commit. */
function commitOf(revision: string | undefined): string | undefined {
  return /sha1:([0-9a-f]{40})$/.exec(revision ?? "")?.[1];
}
