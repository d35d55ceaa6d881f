import { TRIED } from "../../components/history/deployments";
import { Mistake } from "../../components/mistake";
import { batchBetween, readStackConfig, releaseIn } from "../../components/promotion";
import type { Release } from "../../components/release";
import { findRelease } from "../promote/known";
import type { Facts } from "../promote/question";
import type { EnvironmentOf } from "../shell/environment";

/** The releases in question, and where they are tried. */
export interface Batch {
  /** What the environment's file names. */
  readonly good: Release;
  /** The oldest first; the last one is the bad one. */
  readonly releases: readonly Release[];
  readonly cluster: string;
}

/**
 * Finds the releases that came with a bad one.
 *
 * @throws Mistake when the environment has not been brought back yet, or the history does not tell what was between.
 */
export function batchOf(
  place: EnvironmentOf,
  facts: Facts,
  wish: { readonly bad: string | undefined; readonly cluster: string | undefined },
): Batch {
  const { project, environment, file } = place;
  const { waves, from } = project.pipeline.environments[environment]!;
  const what = `Bisecting ${environment}`;
  const good = releaseIn(project.pipeline.app, readStackConfig(file));
  const bad = badOf(facts, good?.id, wish.bad);
  const upstream = facts.question.upstream;
  if (good === undefined || bad === undefined || bad === good.id) throw notBack(environment, bad);
  const ids = upstream === undefined ? undefined : batchBetween(upstream.deployments, good.id, bad);
  if (ids === undefined) {
    throw new Mistake(what, [
      `the history of ${from} does not have both ${good.id} and ${bad}, verified in this order; name another one with --bad`,
    ]);
  }
  const releases = ids.map((id) => facts.releases.get(id));
  const unknown = ids.filter((_id, index) => releases[index] === undefined);
  if (unknown.length > 0) {
    throw new Mistake(what, [
      `${unknown.join(", ")} in no version of the files of ${environment} and ${from}; in a shallow clone, get the history with: git fetch --unshallow`,
    ]);
  }
  const cluster = wish.cluster ?? waves[0]!.clusters[0]!;
  return { good, releases: releases as Release[], cluster };
}

/** The one that is named; else the newest that was delivered here, and not only tried, other than what the file names. */
function badOf(facts: Facts, good: string | undefined, wanted: string | undefined): string | undefined {
  if (wanted !== undefined) return findRelease(facts.releases, wanted)?.id ?? wanted;
  return facts.question.environment.deployments.find(
    ({ release, override }) => release !== good && override !== TRIED,
  )?.release;
}

function notBack(environment: string, bad: string | undefined): Mistake {
  const why =
    bad === undefined
      ? "nothing but what its file names was ever delivered there; name the bad release with --bad"
      : `its file names ${bad}, the bad release itself, or none; bring it back first: delivery rollback ${environment} --up`;
  return new Mistake(`Bisecting ${environment}`, [why]);
}
