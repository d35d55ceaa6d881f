import { findPresence, recoveryPlan, verifiedReleases, wayBackFrom } from "../../components/promotion";
import type { RecoveryPlan, WaveOfClusters } from "../../components/promotion";
import type { Release } from "../../components/release";
import type { Context } from "../shell/contract";
import { fileText } from "../shell/environment";
import type { EnvironmentOf } from "../shell/environment";
import { knownRelease } from "./known";
import type { Facts } from "./question";

/** What an environment would be brought back to, and how. */
export interface WayBack {
  readonly plan: RecoveryPlan;
  readonly release: Release;
}

/** From where, and how far. */
export interface WayBackWish {
  readonly leaving: Release | undefined;
  /** @default what has succeeded last before it */
  readonly to?: string;
  /** Only these of the environment's clusters. @default all */
  readonly clusters?: readonly string[];
}

/**
 * The way back from a release: to the one that is named, else to what has succeeded last before it. Undefined when
 * nothing has.
 *
 * @throws Mistake when the release that is named is not known.
 */
export async function wayBack(
  place: EnvironmentOf,
  facts: Facts,
  { leaving, to, clusters }: WayBackWish,
  context: Context,
): Promise<WayBack | undefined> {
  const { project, environment } = place;
  const verified = verifiedReleases(facts.question.environment.deployments);
  const id = to ?? wayBackFrom(leaving?.id, verified)?.id;
  if (id === undefined) return undefined;
  const what = `The way back of ${environment}`;
  const where = `no commit of ${fileText(place)} and in no update of its stack`;
  const release = await knownRelease(place, facts, { id, known: facts.releases, what, where }, context);
  const plan = recoveryPlan({
    ...{ environment, leaving, target: release },
    ...(clusters === undefined ? {} : { clusters }),
    waves: limitedTo(clusters, project.pipeline.environments[environment]!.waves),
    verified: verified.find((one) => one.id === release.id)?.verified,
    images: await findPresence(release.images, context.env),
  });
  return { plan, release };
}

function limitedTo(
  clusters: readonly string[] | undefined,
  waves: readonly WaveOfClusters[],
): WaveOfClusters[] {
  const limited = waves.map(({ name, clusters: all }) => {
    return { name, clusters: all.filter((cluster) => clusters?.includes(cluster) ?? true) };
  });
  return limited.filter((wave) => wave.clusters.length > 0);
}
