import type { Candidate, Change, Promotion, Relation, ReleaseFact } from "../guards";
import type { EnvironmentFacts } from "../history";
import { verifiedTimes } from "../history";
import { commitsBetween, committedAt, headCommit, relationOf } from "./git";
import type { CountedSource } from "./git";

/** How many releases of the upstream are looked at, the newest first. */
export const MAX_CANDIDATES = 20;

/** What a promotion is judged by, beside the facts. */
export interface PromotionQuestion {
  readonly source: CountedSource;
  /** Path of the environment's file: its last commit tells how old a change of settings is. */
  readonly file: string;
  readonly environment: EnvironmentFacts;
  /** The facts of the environment that its releases come from; undefined for `build`. */
  readonly upstream: EnvironmentFacts | undefined;
  readonly now: Date;
}

/** The release that a cluster runs which is furthest behind; pinned ones stay behind on purpose. */
export interface Current {
  readonly release: ReleaseFact;
  /** Hash of the settings that it runs with. */
  readonly settings: string | undefined;
}

/**
 * What runs in an environment: where its clusters differ, the release from which most is pending to the one that was
 * told last. Undefined before the first deployment.
 */
export async function currentOf(
  source: CountedSource,
  { running, file, deployments }: EnvironmentFacts,
): Promise<Current | undefined> {
  const unpinned = [...running].filter(([cluster]) => !Object.hasOwn(file.pins, cluster));
  const places = unpinned.length > 0 ? unpinned : [...running];
  const found = new Map<string, Current>();
  for (const [, { release, commit, settings }] of places) {
    if (commit !== undefined) found.set(release, { release: { id: release, commit }, settings });
  }
  const newest = deployments[0]?.sourceCommit ?? file.release?.commit;
  if (found.size <= 1 || newest === undefined) return [...found.values()][0];
  return furthestBehind(source, [...found.values()], newest);
}

async function furthestBehind(
  source: CountedSource,
  all: readonly Current[],
  newest: string,
): Promise<Current | undefined> {
  const sized = all.map(async (current) => {
    const { commit } = current.release;
    const relation = await relationOf(source.root, commit, newest);
    return { current, size: isListed(relation) ? (await commitsBetween(source, commit, newest)).length : 0 };
  });
  return (await Promise.all(sized)).toSorted((a, b) => b.size - a.size)[0]?.current;
}

/** Whether the commits between can be listed. */
const isListed = (relation: Relation): boolean => relation === "ahead" || relation === "diverged";

/** The release that an environment would get next: the one that its upstream has verified last. */
export async function upstreamRelease({
  source,
  environment,
  upstream,
}: PromotionQuestion): Promise<ReleaseFact | undefined> {
  if (upstream === undefined) return { id: environment.from, commit: await headCommit(source.root) };
  if (upstream.source === "file") return upstream.file.release;
  return verifiedReleases(upstream)[0];
}

/** What an environment has verified, the last first, each release once. */
export function verifiedReleases({ deployments }: EnvironmentFacts): ReleaseFact[] {
  const releases = new Map<string, ReleaseFact>();
  for (const { release, sourceCommit, verified } of deployments) {
    if (verified === undefined || sourceCommit === undefined || releases.has(release)) continue;
    releases.set(release, { id: release, commit: sourceCommit });
  }
  return [...releases.values()];
}

/**
 * Everything that guards judge a promotion by: what the target would bring to the environment, and what else its
 * upstream has verified, for a proposal.
 *
 * @throws Mistake when the history cannot be looked into.
 */
export async function promotionTo(question: PromotionQuestion, target: ReleaseFact): Promise<Promotion> {
  const { environment, upstream, now, source } = question;
  const current = await currentOf(source, environment);
  const others = upstream === undefined ? [] : verifiedReleases(upstream).slice(0, MAX_CANDIDATES);
  const candidates = others.filter(({ id }) => id !== target.id && id !== current?.release.id);
  const settings = await settingsChanges(question, current);
  const candidate = (release: ReleaseFact): Promise<Candidate> =>
    candidateOf(question, release, { current, settings });
  const { override } = environment.file;
  return {
    ...{ environment: environment.name, from: environment.from, now },
    ...{ current: current?.release, hold: environment.file.hold },
    target: await candidate(target),
    candidates: await Promise.all(candidates.map(candidate)),
    ...(override === undefined ? {} : { override }),
  };
}

/** What all candidates share. */
interface Start {
  readonly current: Current | undefined;
  readonly settings: readonly Change[];
}

async function candidateOf(
  { environment, upstream, source }: PromotionQuestion,
  { id, commit }: ReleaseFact,
  { current, settings }: Start,
): Promise<Candidate> {
  const verifiedUpstream =
    upstream === undefined ? undefined : verifiedTimes(upstream.deployments, id)?.first;
  const verifiedHere = verifiedTimes(environment.deployments, id)?.last;
  const about = { id, commit, verifiedUpstream, verifiedHere };
  if (current === undefined) return { ...about, relation: "ahead", changes: settings };
  const from = current.release;
  const relation = await relationOf(source.root, from.commit, commit);
  const isOther = id !== from.id && isListed(relation);
  const changes = isOther ? await commitsBetween(source, from.commit, commit) : [];
  return { ...about, relation, changes: [...settings, ...changes] };
}

/** The file of the environment has other settings than run there. */
export async function settingsChanges(
  { source, file, environment }: PromotionQuestion,
  current: Current | undefined,
): Promise<Change[]> {
  if (current === undefined || environment.source !== "ledger") return [];
  if (current.settings === environment.file.settings) return [];
  const subject = `delivery:config of ${environment.name} is not what runs there`;
  return [{ kind: "settings", subject, time: await committedAt(source.root, file) }];
}
