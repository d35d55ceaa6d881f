import type { EnvironmentFacts } from "../../components/history";
import { questionOf } from "../../components/pending";
import type { PromotionQuestion } from "../../components/pending";
import { recordedReleases } from "../../components/promotion";
import type { Release } from "../../components/release";
import type { Context } from "../shell/contract";
import type { EnvironmentOf } from "../shell/environment";
import { engineHistory } from "../shell/state";

/** The facts that a change of an environment is decided by, and the releases that are known whole. */
export interface Facts {
  readonly question: PromotionQuestion;
  /** Of the environment and of its upstream, by id; what both have is as the environment has it. */
  readonly releases: ReadonlyMap<string, Release>;
  /** Of the upstream alone, as that has them. */
  readonly offered: ReadonlyMap<string, Release>;
}

/**
 * Reads files, ledgers and Git. Without a ledger, the engine's history tells what has succeeded.
 *
 * @throws Mistake when something of it cannot be read.
 */
export async function readFacts(place: EnvironmentOf, context: Context): Promise<Facts> {
  const { project, environment } = place;
  const { root, pipeline, stackFile } = project;
  const request = { root, pipeline, stackFile, environment, now: context.now() };
  const asked = await questionOf({ ...request, runtime: { environment: context.env } });
  const here = await withHistory(place, asked.environment, context);
  const upstream =
    asked.upstream === undefined ? undefined : await withHistory(place, asked.upstream, context);
  const recorded = (name: string): Promise<Release[]> => recordedReleases(pipeline.app, stackFile(name));
  const own = [...here.releases, ...(await recorded(environment))];
  const others =
    upstream === undefined ? [] : [...upstream.releases, ...(await recorded(upstream.facts.name))];
  return {
    question: { ...asked, environment: here.facts, upstream: upstream?.facts },
    releases: byId([...others, ...own]),
    offered: byId(others),
  };
}

function byId(releases: readonly Release[]): ReadonlyMap<string, Release> {
  return new Map(releases.map((release) => [release.id, release]));
}

interface Known {
  readonly facts: EnvironmentFacts;
  readonly releases: readonly Release[];
}

async function withHistory(
  { project }: EnvironmentOf,
  facts: EnvironmentFacts,
  context: Context,
): Promise<Known> {
  if (facts.source === "ledger") return { facts, releases: [] };
  const { deployments, releases } = await engineHistory(project, facts.name, context);
  return { facts: { ...facts, deployments }, releases };
}

/**
 * The releases that the engine remembers of the environment and of its upstream, by id: also what was delivered from a
 * file that was never committed.
 */
export async function rememberedReleases(
  { project }: EnvironmentOf,
  { question }: Facts,
  context: Context,
): Promise<ReadonlyMap<string, Release>> {
  const asked = [question.upstream, question.environment].flatMap((facts) => facts ?? []);
  const known = await Promise.all(asked.map(({ name }) => engineHistory(project, name, context)));
  return byId(known.flatMap(({ releases }) => releases));
}
