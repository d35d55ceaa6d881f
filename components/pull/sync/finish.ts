import { waitFor } from "./wait";
import type { AgentObjects, PullAgent } from "../contract";
import type { ClusterApi, ObjectRef } from "../../clusters/api";
import type { SyncGateInputs } from "./inputs";

/** How long the agent may take to let a stack go, in milliseconds. */
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
  const isDeleting = stack.teardown === "delete";
  if (isDeleting) await api.merge(refs.sync, { spec: { deletionPolicy: "Delete", suspend: false } });
  await api.remove(refs.sync);
  const gone = await waitFor(
    async () => (await api.get(refs.sync)) === undefined,
    isDeleting ? DELETE_MS : releaseMs,
  );
  if (!gone) await release(api, refs.sync);
  await removeSource(api, refs, releaseMs);
  return gone || !isDeleting ? undefined : "the agent did not answer, so the workloads were left as they are";
}

async function removeSource(
  api: ClusterApi,
  { source }: AgentObjects<ObjectRef>,
  releaseMs: number,
): Promise<void> {
  await api.remove(source);
  const gone = await waitFor(async () => (await api.get(source)) === undefined, releaseMs / 3);
  if (!gone) await release(api, source);
}

async function release(api: ClusterApi, ref: ObjectRef): Promise<void> {
  await api.merge(ref, { metadata: { finalizers: null } });
}
