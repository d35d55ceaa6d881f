import { Mistake, throwIfAny } from "../../components/mistake";
import { editStackFile, readStackConfig, releaseIn, STACK_KEYS } from "../../components/promotion";
import type { WaveOfClusters } from "../../components/promotion";
import type { Release } from "../../components/release";
import { readFacts } from "../promote/question";
import type { Facts } from "../promote/question";
import { rows, wayBackLines } from "../promote/text";
import { wayBack } from "../promote/way-back";
import type { WayBack } from "../promote/way-back";
import { EXIT } from "../shell/contract";
import type { Context, Result } from "../shell/contract";
import { fileText } from "../shell/environment";
import type { EnvironmentOf } from "../shell/environment";
import { checkPinsKept } from "./pins-need-ledger";

/** Which clusters go back, and to what. */
export interface ClusterWish {
  /** At least one. */
  readonly clusters: readonly string[];
  /** Another release than the last that has succeeded. */
  readonly to: string | undefined;
}

/** What a change of the file did, and what is to be said of it. */
export interface PinnedBack {
  readonly result: Result;
  /** False when something stands in the way. */
  readonly isDone: boolean;
}

/**
 * Brings single clusters of an environment back: each is pinned to an older release in the environment's file, and
 * stays there until `delivery hold ENV --cluster C --lift`. The others are left alone.
 *
 * @throws Mistake when a cluster is none of the environment's, nothing has succeeded there before, or there is no ledger.
 */
export async function rollbackClusters(
  place: EnvironmentOf,
  { clusters, to }: ClusterWish,
  context: Context,
): Promise<PinnedBack> {
  const { environment, file } = place;
  throwIfAny(`Rollback of ${environment}`, [
    ...unknownClusters(place, clusters),
    ...checkPinsKept(place, {
      what: "--cluster holds clusters back",
      otherwise: `or leave it out, and all of ${environment} goes back`,
    }),
  ]);
  const facts = await readFacts(place, context);
  const backs = new Map<string, WayBack>();
  for (const cluster of clusters) backs.set(cluster, await wayBackOf(place, facts, { cluster, to }, context));
  const text = [...backs].map(([cluster, back]) => planText(place, { cluster, back }, context)).join("\n");
  const value = { environment, clusters: [...backs].map(([name, { plan }]) => ({ cluster: name, ...plan })) };
  if ([...backs.values()].some(({ plan }) => plan.problems.length > 0)) {
    const said = `${text}\n\nNot rolled back.`;
    return {
      isDone: false,
      result: { value: { ...value, changed: false }, text: said, exit: EXIT.blocked },
    };
  }
  const pinned = Object.fromEntries([...backs].map(([cluster, { release }]) => [cluster, release]));
  const changed = pinClusters(file, pinned);
  const said = `${text}\n\n${fileText(place)} pins ${clusters.join(", ")} now, until delivery hold ${environment} --cluster C --lift: commit it.`;
  return { isDone: true, result: { value: { ...value, pins: pinned, changed }, text: said } };
}

/** Pins clusters to releases, or takes the pins away that are undefined; the other pins stay. Returns whether it changed. */
export function pinClusters(file: string, pins: Readonly<Record<string, Release | undefined>>): boolean {
  const known = (readStackConfig(file)[STACK_KEYS.pins] ?? {}) as Readonly<Record<string, unknown>>;
  const all = Object.entries({ ...known, ...pins }).filter(([, release]) => release !== undefined);
  return editStackFile(file, { [STACK_KEYS.pins]: all.length > 0 ? Object.fromEntries(all) : undefined });
}

/** Sentences about clusters that the environment does not have. */
export function unknownClusters(
  { project, environment }: EnvironmentOf,
  clusters: readonly string[],
): string[] {
  const known = wavesOf({ project, environment }).flatMap((wave) => wave.clusters);
  return clusters
    .filter((name) => !known.includes(name))
    .map(
      (name) => `${JSON.stringify(name)} is no cluster of ${environment}; give one of ${known.join(", ")}`,
    );
}

const wavesOf = ({
  project,
  environment,
}: Pick<EnvironmentOf, "project" | "environment">): readonly WaveOfClusters[] =>
  project.pipeline.environments[environment]!.waves;

interface OneCluster {
  readonly cluster: string;
  readonly to: string | undefined;
}

async function wayBackOf(
  place: EnvironmentOf,
  facts: Facts,
  { cluster, to }: OneCluster,
  context: Context,
): Promise<WayBack> {
  const leaving = releaseOf(place, facts, cluster);
  const clusters = [cluster];
  const back = await wayBack(
    place,
    facts,
    { leaving, clusters, ...(to === undefined ? {} : { to }) },
    context,
  );
  if (back !== undefined) return back;
  throw new Mistake(`Rollback of ${cluster} in ${place.environment}`, [
    `no other release has succeeded in ${place.environment} before; name one that has with --to R`,
  ]);
}

/** What a cluster runs: what it is pinned to, what it was told, or else what the file says. */
function releaseOf({ project, file }: EnvironmentOf, facts: Facts, cluster: string): Release | undefined {
  const config = readStackConfig(file);
  const pins = (config[STACK_KEYS.pins] ?? {}) as Readonly<Record<string, unknown>>;
  const pinned = releaseIn(project.pipeline.app, { [STACK_KEYS.release]: pins[cluster] });
  const running = facts.question.environment.running.get(cluster);
  const told = running === undefined ? undefined : facts.releases.get(running.release);
  return pinned ?? told ?? releaseIn(project.pipeline.app, config);
}

function planText(
  { environment }: EnvironmentOf,
  { cluster, back }: { readonly cluster: string; readonly back: WayBack },
  { paint, now }: Context,
): string {
  const head = paint("bold", `${environment}: ${cluster} → ${back.release.id} (back)`);
  return [head, ...rows("to", wayBackLines(back.plan, now()).slice(0, -1))].join("\n");
}
