import { waitFor } from "./wait";
import type { AgentObjects, PullAgent } from "../contract";
import type { ClusterApi, ObjectRef } from "../../clusters/api";
import type { SyncGateInputs } from "./inputs";

/** How long the agent may take to let a stack go, or to show that it is there, in milliseconds. */
export const RELEASE_MS = 15_000;
/** How long it may take to delete what runs, in milliseconds. */
export const DELETE_MS = 120_000;

type Stack = Pick<SyncGateInputs, "name" | "namespace" | "teardown">;

/**
 * Takes a stack from its agent: the workloads stay, or with `teardown: "delete"` the agent deletes them first. An agent
 * that is dead keeps nobody waiting: its finalizers are taken from its objects, and the workloads stay.
 *
 * @param releaseMs how long the agent may take to let it go @default {@link RELEASE_MS}
 * @returns what stayed although it was to be deleted; undefined when all went as it should
 */
export async function finishSync(
  stack: Stack,
  api: ClusterApi,
  agent: PullAgent,
  releaseMs = RELEASE_MS,
): Promise<string | undefined> {
  const refs = agent.objects(stack);
  const isDeleted = stack.teardown === "delete";
  const isDead = isDeleted && !(await tellToDelete(refs, { api, agent, releaseMs }));
  await api.remove(refs.sync);
  const patience = isDeleted ? DELETE_MS : releaseMs;
  const gone = await waitFor(async () => (await api.get(refs.sync)) === undefined, isDead ? 0 : patience);
  if (!gone) await release(api, refs.sync);
  const rest = [refs.source, ...agent.others(stack)];
  await Promise.all(rest.map((ref) => removeSurely(api, ref, releaseMs / 3)));
  return isDeleted && !gone ? LEFT : undefined;
}

const LEFT = "the agent did not answer, so the workloads were left as they are";

interface Asking {
  readonly api: ClusterApi;
  readonly agent: PullAgent;
  readonly releaseMs: number;
}

/**
 * Tells the agent to delete what it has applied, also when somebody has suspended it.
 *
 * @returns whether there is an agent: one that was at work before is taken for alive, since it may answer only when it
 * has come to an end
 */
async function tellToDelete(
  refs: AgentObjects<ObjectRef>,
  { api, agent, releaseMs }: Asking,
): Promise<boolean> {
  const [source, sync] = await Promise.all([api.get(refs.source), api.get(refs.sync)]);
  if (sync === undefined) return true;
  const told = await api.merge(refs.sync, { spec: { deletionPolicy: "Delete", suspend: false } });
  const { state, commit } = agent.readStatus({ source, sync });
  if (state === "working" && commit !== undefined) return true;
  return waitFor(async () => {
    const now = await api.get(refs.sync);
    return now?.metadata.resourceVersion !== told?.metadata.resourceVersion;
  }, releaseMs);
}

/** Other parts of the agent may be dead than the one that applies. */
async function removeSurely(api: ClusterApi, ref: ObjectRef, releaseMs: number): Promise<void> {
  if ((await api.get(ref)) === undefined) return;
  await api.remove(ref);
  const gone = await waitFor(async () => (await api.get(ref)) === undefined, releaseMs);
  if (!gone) await release(api, ref);
}

async function release(api: ClusterApi, ref: ObjectRef): Promise<void> {
  await api.merge(ref, { metadata: { finalizers: null } });
}
