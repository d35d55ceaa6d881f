import type { Change, Relation, ReleaseFact } from "../guards";
import { verifiedTimes } from "../history";
import { commitsBetween, relationOf } from "./git";
import { currentOf, settingsChanges, upstreamRelease, verifiedReleases } from "./promotion";
import type { Current, PromotionQuestion } from "./promotion";

/** A release that its upstream has verified, and that the environment does not run yet. */
export interface PendingRelease extends ReleaseFact {
  /** When the upstream had verified it first. */
  readonly verified: Date | undefined;
}

/** What waits for an environment. */
export interface Pending {
  readonly environment: string;
  /** Where its releases come from. */
  readonly from: string;
  /** What runs there; of clusters that differ, the one furthest behind. Undefined before the first deployment. */
  readonly current: ReleaseFact | undefined;
  /** What it would get next; undefined while its upstream has verified nothing. */
  readonly next: ReleaseFact | undefined;
  /** How the next one lies to what runs. */
  readonly relation: Relation | undefined;
  /** The newest first, settings before commits. */
  readonly changes: readonly Change[];
  /** The newest first. */
  readonly releases: readonly PendingRelease[];
  /** What the file says when it is not what runs: promoted, and not delivered yet. */
  readonly promoted: ReleaseFact | undefined;
}

/**
 * The changes that wait for an environment: commits that count between what runs there and what its upstream has, a
 * change of settings, and the releases that have them.
 *
 * @throws Mistake when the history cannot be looked into.
 */
export async function pendingOf(question: PromotionQuestion): Promise<Pending> {
  const { source, environment } = question;
  const current = await currentOf(source, environment);
  const next = await upstreamRelease(question);
  const settings = await settingsChanges(question, current);
  const { relation, commits } = await between(question, current, next);
  const { name, from, file } = environment;
  return {
    ...{ environment: name, from, current: current?.release, next, relation },
    changes: [...settings, ...commits],
    releases: releasesSince(question, current),
    promoted:
      file.release !== undefined && file.release.id !== current?.release.id ? file.release : undefined,
  };
}

async function between(
  { source }: PromotionQuestion,
  current: Current | undefined,
  next: ReleaseFact | undefined,
): Promise<{ readonly relation: Relation | undefined; readonly commits: readonly Change[] }> {
  if (current === undefined || next === undefined) return { relation: undefined, commits: [] };
  const { id, commit } = current.release;
  const relation = id === next.id ? "same" : await relationOf(source.root, commit, next.commit);
  const isListed = relation === "ahead" || relation === "diverged";
  return { relation, commits: isListed ? await commitsBetween(source, commit, next.commit) : [] };
}

/** What the upstream has verified since the release that runs here. */
function releasesSince({ upstream }: PromotionQuestion, current: Current | undefined): PendingRelease[] {
  if (upstream === undefined) return [];
  const all = verifiedReleases(upstream);
  const until = all.findIndex(({ id }) => id === current?.release.id);
  return all.slice(0, until === -1 ? undefined : until).map((release) => {
    return { ...release, verified: verifiedTimes(upstream.deployments, release.id)?.first };
  });
}
