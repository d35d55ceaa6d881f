import { setTimeout as sleep } from "node:timers/promises";
import type { Environment } from "../environment";
import { Mistake } from "../mistake";
import { openCluster } from "./api/api";
import type { ClusterAccess } from "./api/access";
import { UnreachableError } from "./api/http";

/** How long a cluster may take to answer before the plan is made, in seconds. */
export const PROBE_SECONDS = 5;
/**
 * How long of that the connection may take to be made, in seconds: a lost packet is sent again within it. A cluster that
 * swallows connections holds the others up for no longer than that.
 */
export const CONNECT_SECONDS = 3;

/** What a probe found of a cluster. */
export type Reach =
  | {
      readonly state: "reachable";
      /** That of the namespace `kube-system`, which stays as long as the cluster; undefined when we may not see it. */
      readonly uid: string | undefined;
    }
  | {
      readonly state: "unreachable";
      /** A sentence without credentials. */
      readonly why: string;
      /** It swallows connections, so that every request takes as long as it may. */
      readonly isSilent: boolean;
    }
  /** It is reached in a way that only the plugin knows, or its kubeconfig is known only later. */
  | { readonly state: "unknown" };

const IDENTITY = "/api/v1/namespaces/kube-system";

/**
 * Asks a cluster once whether it is there and which one it is. Every failure is an answer.
 *
 * @param cluster its name, for messages
 */
export async function probeCluster(
  cluster: string,
  access: ClusterAccess,
  environment: Environment,
  timeoutMs = PROBE_SECONDS * 1000,
): Promise<Reach> {
  try {
    const { send } = openCluster(cluster, access, environment);
    const connectMs = (timeoutMs * CONNECT_SECONDS) / PROBE_SECONDS;
    const call = { method: "GET", path: IDENTITY, timeoutMs, connectMs } as const;
    const ask = async (): Promise<Look> => probed(send(call));
    return await patient(ask, timeoutMs);
  } catch (error) {
    // What the kubeconfig says otherwise is checked before, so here it is what this client cannot do.
    if (error instanceof Mistake) return { state: "unknown" };
    throw error;
  }
}

/** How long is waited until an API server that answers with an error is asked again, in milliseconds. */
const AGAIN_MS = 500;

/** An API server that answers with an error for a moment is overloaded, and not away. */
async function patient(ask: () => Promise<Look>, timeoutMs: number): Promise<Reach> {
  const end = performance.now() + Math.min(timeoutMs, PROBE_SECONDS * 1000) / 2;
  let look = await ask();
  while (look.isOverloaded && performance.now() < end) {
    await sleep(AGAIN_MS);
    look = await ask();
  }
  return look.reach;
}

/** What one request found, and whether another one may find something else. */
interface Look {
  readonly reach: Reach;
  readonly isOverloaded: boolean;
}

async function probed(asked: Promise<{ readonly status: number; readonly text: string }>): Promise<Look> {
  try {
    const { status, text } = await asked;
    if (status >= 500) return { reach: refused(`its API server answers ${status}`), isOverloaded: true };
    // It is there; which one it is, it may say in a moment.
    if (status === 429) return { reach: { state: "reachable", uid: undefined }, isOverloaded: true };
    if (status === 401) return final(refused("it refuses the credentials of its kubeconfig (401)"));
    return final({ state: "reachable", uid: status === 200 ? uidOf(text) : undefined });
  } catch (error) {
    const isSilent = error instanceof UnreachableError && error.isSilent;
    return final({ state: "unreachable", why: (error as Error).message, isSilent });
  }
}

const final = (reach: Reach): Look => ({ reach, isOverloaded: false });
const refused = (why: string): Reach => ({ state: "unreachable", why, isSilent: false });

function uidOf(text: string): string | undefined {
  try {
    const { metadata } = JSON.parse(text) as { metadata?: { uid?: unknown } };
    return typeof metadata?.uid === "string" ? metadata.uid : undefined;
  } catch {
    return undefined;
  }
}
