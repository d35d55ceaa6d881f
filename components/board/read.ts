import { ApiError, openCluster, UnreachableError } from "../clusters/api";
import type { ClusterApi } from "../clusters/api";
import { placesOf, readEnvironment } from "../history";
import type { EnvironmentFacts, EnvironmentPlace } from "../history";
import { readRecord } from "../history/running";
import { Mistake } from "../mistake";
import type { PipelineDefinition } from "../pipeline/define";
import { pendingOf, promotionTo } from "../pending";
import type { PromotionQuestion, PromotionRequest } from "../pending";
import { countedSource } from "../pending/read";
import { AGENTS } from "../pull/agents";
import type { PullAgent } from "../pull/contract";
import { pullName } from "../pull/name";
import { recordName } from "../release";
import { boardRow } from "./model";
import type { Board, BoardRow, LiveAgent, LiveCluster } from "./model";

/** What a board is made of. */
export interface BoardRequest extends Omit<PromotionRequest, "environment"> {
  /** Asks the clusters what they run, too. @default false */
  readonly live?: boolean;
}

/**
 * Reads every environment of a pipeline. A ledger or a cluster that cannot be read is shown as such.
 *
 * @throws Mistake when a stack's file is not YAML, or the history cannot be looked into.
 */
export async function readBoard(request: BoardRequest): Promise<Board> {
  const { pipeline, stackFile, now, live = false, runtime, stateHistory } = request;
  const places = placesOf(pipeline, stackFile);
  const facts = await Promise.all(places.map((place) => readEnvironment(place, runtime, stateHistory)));
  const rows = places.map((place, index) => readRow(request, place, facts[index]!, facts));
  return { app: pipeline.app, made: now, live, rows: await Promise.all(rows) };
}

async function readRow(
  request: BoardRequest,
  place: EnvironmentPlace,
  facts: EnvironmentFacts,
  all: readonly EnvironmentFacts[],
): Promise<BoardRow> {
  const { pipeline, root, now } = request;
  const source = { root, ...countedSource(pipeline) };
  const upstream = all.find(({ name }) => name === place.from);
  const question: PromotionQuestion = { source, file: place.file, environment: facts, upstream, now };
  const pending = await pendingOf(question);
  const promotion = pending.next === undefined ? undefined : await promotionTo(question, pending.next);
  const { guards, delivery } = pipeline.environments[place.name]!;
  const live = request.live === true ? await askClusters(pipeline, place) : undefined;
  return boardRow({ facts, mode: delivery.mode, guards, pending, promotion, live, now });
}

async function askClusters(
  pipeline: PipelineDefinition,
  { name, clusters }: EnvironmentPlace,
): Promise<ReadonlyMap<string, LiveCluster>> {
  const { namespace, delivery } = pipeline.environments[name]!;
  const told = { app: pipeline.app, namespace, agent: AGENTS[delivery.mode] };
  const asked = clusters.map(async (cluster) => {
    const { context } = pipeline.clusters[cluster]!;
    return [cluster, await askCluster(cluster, context, told)] as const;
  });
  return new Map(await Promise.all(asked));
}

/** What to ask a cluster for. */
interface Told {
  readonly app: string;
  readonly namespace: string;
  /** Undefined where the delivery itself applies. */
  readonly agent: PullAgent | undefined;
}

/** Every way in which a cluster cannot be read is an answer. */
async function askCluster(cluster: string, context: string, told: Told): Promise<LiveCluster> {
  try {
    const { app, namespace } = told;
    const api = openCluster(cluster, { context });
    const ref = { apiVersion: "v1", kind: "ConfigMap", namespace, name: recordName(app) };
    const [record, agent] = await Promise.all([api.get(ref), askAgent(api, told)]);
    if (record === undefined) return { state: "empty", agent };
    const { release, contentHash } = readRecord((record["data"] ?? {}) as Record<string, unknown>);
    return { state: "read", release, contentHash, agent };
  } catch (error) {
    const isKnown =
      error instanceof UnreachableError || error instanceof ApiError || error instanceof Mistake;
    if (!isKnown) throw error;
    return { state: "unreachable", why: error.message };
  }
}

async function askAgent(api: ClusterApi, { app, namespace, agent }: Told): Promise<LiveAgent | undefined> {
  if (agent === undefined) return undefined;
  const { name } = agent;
  try {
    const refs = agent.objects({ name: pullName(app), namespace });
    const [source, sync] = await Promise.all([api.get(refs.source), api.get(refs.sync)]);
    const { state, message, source: readable } = agent.readStatus({ source, sync });
    return { name, state, message, source: readable };
  } catch (error) {
    // The record may still be read by those who may not look at the agent.
    if (!(error instanceof ApiError)) throw error;
    return { name, state: "unknown", message: error.message, source: "readable" };
  }
}
