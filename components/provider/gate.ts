import { createHash, randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { durationMs } from "../checks/duration";
import type { Duration } from "../checks/duration";
import type { Check } from "../checks/kinds";
import { ROLLOUT_KINDS } from "../checks/rollout-ready";
import { watch } from "../checks/watch";
import type { WatchedCluster, WatchTools } from "../checks/watch";
import { openCluster } from "../clusters/api";
import type { ClusterAccess, ObjectRef } from "../clusters/api";
import { systemEnvironment } from "../environment";
import { canonicalJson } from "../manifests/canonical";
import { failedClusters, gateFailure, gateTitle } from "./gate-text";

/** What a gate knows of the clusters before it. */
export interface GateInputs {
  readonly app: string;
  readonly wave: string;
  readonly release: string;
  /** Content hash of what each cluster was told to run: a change of settings alone is gated, too. */
  readonly clusters: Readonly<Record<string, string>>;
  /** Where the application is, in every cluster. */
  readonly namespace: string;
  /** How each cluster is reached. A kubeconfig's text is a secret, and stays one in the state. */
  readonly access: Readonly<Record<string, ClusterAccess>>;
  /** What takes time to get ready in each cluster, as `Deployment shop/web`. */
  readonly workloads: Readonly<Record<string, readonly string[]>>;
  readonly checks: Readonly<Record<string, readonly Check[]>>;
  readonly timeout: Duration;
  readonly bake: Duration;
  /** How many clusters of the wave may fail. */
  readonly maxFailures: number;
  /** Clusters of the wave that earlier gates let through although they failed, with the reason. */
  readonly earlier: Readonly<Record<string, string>>;
}

/** What the state keeps of a gate that was passed. Gates of older states have no more than the first three. */
export interface GateOutputs extends Pick<GateInputs, "app" | "wave" | "release" | "clusters"> {
  readonly fingerprint?: string;
  /** Clusters that failed and were let through, with the reason; those of earlier gates of the wave included. */
  readonly failed?: Readonly<Record<string, string>>;
}

/** What the engine asks a dynamic resource. Source: Pulumi, "Dynamic Providers". */
interface DiffResult {
  readonly changes: boolean;
}

const ID_LENGTH = 16;
/** Bytes of the name of one passing. */
const RUN_BYTES = 4;

/**
 * The gate behind some clusters of a wave, which the next ones wait for. It is created or updated when all of them were
 * applied, and is done when their checks have passed; it is updated in place, so that an update keeps that order. When
 * it fails the state keeps what it was, so the next update begins with it again.
 */
export const gate = {
  async check(_olds: unknown, news: GateInputs): Promise<{ inputs: GateInputs }> {
    return { inputs: news };
  },

  /** A cluster that was let through although it failed is looked at again each time. */
  async diff(_id: string, olds: GateOutputs, news: GateInputs): Promise<DiffResult> {
    const again = Object.keys(olds.failed ?? {}).some((cluster) => news.clusters[cluster] !== undefined);
    return { changes: again || olds.fingerprint !== fingerprint(news) };
  },

  async create(inputs: GateInputs): Promise<{ id: string; outs: GateOutputs }> {
    const id = createHash("sha256").update(`${inputs.app}/${inputs.wave}`).digest("hex").slice(0, ID_LENGTH);
    return { id, outs: await pass(inputs) };
  },

  async update(_id: string, _olds: GateOutputs, news: GateInputs): Promise<{ outs: GateOutputs }> {
    return { outs: await pass(news) };
  },

  async delete(): Promise<void> {},
};

/** @throws Error that names every cluster that failed, and why. */
async function pass(inputs: GateInputs): Promise<GateOutputs> {
  const { app, wave, release, clusters, earlier, maxFailures } = inputs;
  const times = { timeoutMs: durationMs(inputs.timeout), bakeMs: durationMs(inputs.bake) };
  const allowed = maxFailures - Object.keys(earlier).length;
  const outcomes = await watch({ clusters: watched(inputs), maxFailures: allowed, ...times }, tools(inputs));
  const failed = { ...earlier, ...failedClusters(outcomes) };
  if (Object.keys(failed).length > maxFailures) throw gateFailure(inputs, failed, outcomes);
  return { app, wave, release, clusters, failed, fingerprint: fingerprint(inputs) };
}

/** A cluster without checks is none to be watched: what was applied to it is enough. */
function watched({ app, namespace, access, workloads, checks }: GateInputs): WatchedCluster[] {
  const [environment, run] = [systemEnvironment(), randomBytes(RUN_BYTES).toString("hex")];
  const named = Object.entries(checks).filter(([, list]) => list.length > 0);
  return named.map(([cluster, list]) => {
    const api = openCluster(cluster, access[cluster]!, environment);
    const refs = (workloads[cluster] ?? []).map(workloadRef);
    return { checks: list, target: { cluster, api, app, namespace, workloads: refs, run, environment } };
  });
}

/** `Deployment shop/web`, as the gate's inputs have it. */
function workloadRef(title: string): ObjectRef {
  const [, kind, namespace, name] = /^(\S+) (\S+)\/(\S+)$/.exec(title) as unknown as [
    string,
    string,
    string,
    string,
  ];
  return { apiVersion: ROLLOUT_KINDS[kind]!, kind, namespace, name };
}

/** The engine shows what its plugins print as messages of the update, while it runs. */
function tools(inputs: GateInputs): WatchTools {
  return {
    now: () => performance.now(),
    sleep: async (ms) => sleep(ms),
    say: (line) => process.stdout.write(`${gateTitle(inputs)}: ${line}\n`),
  };
}

/** What a gate is keyed by. How long it waits, and for how many, is not part of it. */
function fingerprint({ release, clusters, checks }: GateInputs): string {
  return createHash("sha256").update(canonicalJson({ release, clusters, checks })).digest("hex");
}
