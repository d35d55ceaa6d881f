import { createHash, randomBytes } from "node:crypto";
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
import { failedClusters, gateFailure } from "./gate-text";

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
  /** What each cluster was passed with: its content and its checks, as a hash. */
  readonly passes?: Readonly<Record<string, string>>;
  /** Clusters that failed and were let through, with the reason; those of earlier gates of the wave included. */
  readonly failed?: Readonly<Record<string, string>>;
}

/** Bytes of the name of one passing. */
const RUN_BYTES = 4;
const PASS_LENGTH = 16;

/**
 * Looks at the clusters of a gate until they are as wanted, and returns what the state keeps of it.
 *
 * @throws Error that names every cluster that failed, and why.
 */
export async function passGate(inputs: GateInputs, tools: WatchTools): Promise<GateOutputs> {
  const { app, wave, release, clusters, earlier, maxFailures } = inputs;
  const times = { timeoutMs: durationMs(inputs.timeout), bakeMs: durationMs(inputs.bake) };
  const allowed = maxFailures - Object.keys(earlier).length;
  const outcomes = await watch({ clusters: watched(inputs), maxFailures: allowed, ...times }, tools);
  const failed = { ...earlier, ...failedClusters(outcomes) };
  if (Object.keys(failed).length > maxFailures) throw gateFailure(inputs, failed, outcomes);
  return { app, wave, release, clusters, failed, passes: passesOf(inputs), fingerprint: fingerprint(inputs) };
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

/** What a gate is keyed by. How long it waits, and for how many, is not part of it. */
export function fingerprint({ release, clusters, checks }: GateInputs): string {
  return hashOf({ release, clusters, checks });
}

/** The same of each cluster alone. */
function passesOf({ clusters, checks }: GateInputs): Record<string, string> {
  const passes = Object.entries(clusters).map(([name, content]) => [
    name,
    hashOf({ content, checks: checks[name] ?? [] }).slice(0, PASS_LENGTH),
  ]);
  return Object.fromEntries(passes) as Record<string, string>;
}

/**
 * Whether the state's gate was passed with all that this one looks at. It may have looked at more: a cluster that left, as
 * one that is held back since, is no reason to look at the others once more, unless it was let through although it failed.
 */
export function hasPassed(olds: GateOutputs, news: GateInputs): boolean {
  if (olds.fingerprint === fingerprint(news)) return true;
  const isOther = olds.release !== news.release || Object.keys(olds.failed ?? {}).length > 0;
  const { passes = {} } = olds;
  return !isOther && Object.entries(passesOf(news)).every(([name, pass]) => passes[name] === pass);
}

function hashOf(value: unknown): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex");
}
