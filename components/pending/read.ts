import type { Promotion, ReleaseFact } from "../guards";
import { placesOf, readEnvironment } from "../history";
import type { EnvironmentFacts, EnvironmentPlace, StateHistory } from "../history";
import type { LedgerRuntime } from "../ledger";
import { shown } from "../manifests";
import { Mistake } from "../mistake";
import type { PipelineDefinition } from "../pipeline/define";
import type { CountedSource } from "./git";
import { pendingOf } from "./pending";
import type { Pending } from "./pending";
import { promotionTo, upstreamRelease } from "./promotion";
import type { PromotionQuestion } from "./promotion";

/** Where and when the question is asked. */
export interface PromotionRequest {
  readonly pipeline: PipelineDefinition;
  /** The folder that the pipeline's paths begin at: that of `Pulumi.yaml`. */
  readonly root: string;
  /** Path of a stack's file. */
  readonly stackFile: (stack: string) => string;
  readonly environment: string;
  readonly now: Date;
  /** Where the ledger's credentials are found. @default this process's environment */
  readonly runtime?: LedgerRuntime;
  /** What tells where an environment has no ledger. @default its file */
  readonly stateHistory?: StateHistory;
}

/**
 * Reads all that `judgePromotion` needs to judge whether a release may go to an environment.
 *
 * @param release the release to promote; without one it is what the upstream has verified last.
 * @throws Mistake when there is no such environment, its ledger cannot be read, or there is nothing to promote.
 */
export async function readPromotion(request: PromotionRequest, release?: ReleaseFact): Promise<Promotion> {
  const question = await questionOf(request);
  const target = release ?? (await upstreamRelease(question));
  if (target !== undefined) return promotionTo(question, target);
  const { environment, pipeline } = request;
  const from = pipeline.environments[environment]!.from;
  throw new Mistake(`Promotion to ${environment}`, [
    `${from} has verified no release yet; run it there first: pulumi up --stack ${from}`,
  ]);
}

/**
 * Reads what waits for an environment.
 *
 * @throws Mistake as {@link readPromotion}.
 */
export async function readPending(request: PromotionRequest): Promise<Pending> {
  return pendingOf(await questionOf(request));
}

/** The facts of an environment and of its upstream. */
export async function questionOf(request: PromotionRequest): Promise<PromotionQuestion> {
  const { pipeline, root, now, runtime, stateHistory } = request;
  const { place, upstream } = placesFor(request);
  const places = { place, upstream, source: { root, ...countedSource(pipeline) } };
  return askPlaces(places, now, runtime, stateHistory);
}

/** Where an environment's facts are, and those of what it comes from. Without `counts` it is plain data. */
export interface PlacesOfQuestion {
  readonly place: EnvironmentPlace;
  readonly upstream: EnvironmentPlace | undefined;
  readonly source: CountedSource;
}

/** @throws Mistake when the pipeline has no such environment. */
export function placesFor({
  pipeline,
  stackFile,
  environment,
}: Pick<PromotionRequest, "pipeline" | "stackFile" | "environment">): Omit<PlacesOfQuestion, "source"> {
  const places = placesOf(pipeline, stackFile);
  const place = places.find(({ name }) => name === environment);
  if (place === undefined) {
    const known = places.map(({ name }) => shown(name)).join(", ");
    throw new Mistake(`Environment ${shown(environment)}`, [
      `the pipeline has none of it; name one of ${known}`,
    ]);
  }
  return { place, upstream: places.find(({ name }) => name === place.from) };
}

/** @throws Mistake when a ledger cannot be read. */
export async function askPlaces(
  { place, upstream, source }: PlacesOfQuestion,
  now: Date,
  runtime?: LedgerRuntime,
  stateHistory?: StateHistory,
): Promise<PromotionQuestion> {
  const read = (one: EnvironmentPlace): Promise<EnvironmentFacts> =>
    readEnvironment(one, runtime, stateHistory);
  const [facts, before] = await Promise.all([
    read(place),
    upstream === undefined ? undefined : read(upstream),
  ]);
  for (const each of [facts, before]) throwUnread(each);
  return { source, file: place.file, environment: facts, upstream: before, now };
}

function throwUnread(facts: EnvironmentFacts | undefined): void {
  if (facts?.problem !== undefined) throw new Mistake(`Ledger of ${facts.name}`, [facts.problem]);
}

/** Everything that a release is made from. */
export function countedSource({ source }: PipelineDefinition): {
  readonly paths: readonly string[];
  readonly counts: PipelineDefinition["source"]["counts"];
} {
  return { paths: [...source.paths, ...source.pipeline], counts: source.counts };
}
