import {
  editStackFile,
  readStackConfig,
  releaseIn,
  rollbackHold,
  STACK_KEYS,
} from "../../components/promotion";
import type { WaveOfClusters } from "../../components/promotion";
import type { Release } from "../../components/release";
import { readFacts } from "../promote/question";
import { wayBack } from "../promote/way-back";
import type { WayBack } from "../promote/way-back";
import { pinClusters } from "../rollback/clusters";
import { EXIT } from "../shell/contract";
import type { Context, Result } from "../shell/contract";
import { fileText } from "../shell/environment";
import type { EnvironmentOf } from "../shell/environment";
import { problemsOf } from "../shell/trouble";
import { runEnvironment } from "./up";
import type { OnFailure } from "./up";

/** An update that has failed. */
export interface Failure {
  readonly onFailure: Exclude<OnFailure, "stop">;
  readonly passed: ReadonlySet<string>;
  /** What is said of it. */
  readonly failure: Result;
}

/**
 * Brings an environment back after a failed update to what has succeeded there last, and holds it: all of it, or, by
 * pins, the clusters of the waves that have not passed. Those that were not reached are pinned as well: else they would
 * get the release now, when the failed wave passes with the older one.
 */
export async function revert(place: EnvironmentOf, failed: Failure, context: Context): Promise<Result> {
  const { project, environment, file } = place;
  const { app, environments } = project.pipeline;
  const leaving = releaseIn(app, readStackConfig(file));
  const { back, why } = await findWayBack(place, leaving, context);
  if (back === undefined) return { ...failed.failure, text: `${failed.failure.text}\nNot reverted: ${why}` };
  const clusters = clustersToPin(environments[environment]!.waves, failed);
  write(place, { back, clusters, leaving: leaving?.id }, context);
  context.progress(`${environment}: reverting ${clusters?.join(", ") ?? "all"} to ${back.release.id}`);
  const { done, errors } = await runEnvironment(place, context);
  const what = clusters === undefined ? environment : `${environment}: ${clusters.join(", ")}`;
  const reverted =
    done === undefined
      ? `The way back failed, too:\n${errors.join("\n")}`
      : `${what} is back at ${back.release.id}, and held; commit ${fileText(place)}`;
  const value = {
    ...(failed.failure.value as object),
    reverted: done === undefined ? null : back.release.id,
    clusters: clusters ?? null,
  };
  return { value, text: `${failed.failure.text}\n${reverted}`, exit: EXIT.failed };
}

/** Whatever stands in the way is said beside what has failed, which the user has to know most. */
async function findWayBack(
  place: EnvironmentOf,
  leaving: Release | undefined,
  context: Context,
): Promise<{ readonly back: WayBack | undefined; readonly why: string }> {
  try {
    const back = await wayBack(place, await readFacts(place, context), { leaving }, context);
    if (back === undefined) return { back, why: "nothing has succeeded there before" };
    const { problems } = back.plan;
    return { back: problems.length === 0 ? back : undefined, why: problems.join("; ") };
  } catch (error) {
    return { back: undefined, why: problemsOf(error).join("; ") };
  }
}

/** The clusters that `revert-wave` pins; undefined when the whole environment goes back, since no wave has passed. */
export function clustersToPin(
  waves: readonly WaveOfClusters[],
  { onFailure, passed }: Pick<Failure, "onFailure" | "passed">,
): string[] | undefined {
  const isMixed = onFailure === "revert-wave" && waves.some(({ name }) => passed.has(name));
  if (!isMixed) return undefined;
  const failed = waves.findIndex(({ name }) => !passed.has(name));
  return failed === -1 ? undefined : waves.slice(failed).flatMap(({ clusters }) => clusters);
}

interface Way {
  readonly back: WayBack;
  readonly clusters: readonly string[] | undefined;
  readonly leaving: string | undefined;
}

function write({ file }: EnvironmentOf, { back, clusters, leaving }: Way, { now }: Context): void {
  const hold = rollbackHold(`reverted: ${leaving ?? "the update"} failed`, now());
  const { release } = back;
  if (clusters === undefined) {
    editStackFile(file, { [STACK_KEYS.release]: release, [STACK_KEYS.hold]: hold });
    return;
  }
  const known = (readStackConfig(file)[STACK_KEYS.pins] ?? {}) as Readonly<Record<string, unknown>>;
  const free = clusters.filter((cluster) => !Object.hasOwn(known, cluster));
  pinClusters(file, Object.fromEntries(free.map((cluster) => [cluster, release])));
  editStackFile(file, { [STACK_KEYS.hold]: hold });
}
