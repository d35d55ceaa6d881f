import { TRIED } from "../../components/history/deployments";
import { throwIfAny } from "../../components/mistake";
import { commitsBetween } from "../../components/pending/git";
import {
  bisect as halve,
  editStackFile,
  readStackConfig,
  STACK_KEYS,
  triesFor,
} from "../../components/promotion";
import type { BisectResult } from "../../components/promotion";
import type { Release } from "../../components/release";
import { readFacts } from "../promote/question";
import type { Facts } from "../promote/question";
import { changeLines } from "../promote/text";
import { unknownClusters } from "../rollback/clusters";
import { checkPinsKept } from "../rollback/pins-need-ledger";
import { EXIT } from "../shell/contract";
import type { Context, Input, Result } from "../shell/contract";
import { environmentFile } from "../shell/environment";
import type { EnvironmentOf } from "../shell/environment";
import { batchOf } from "./batch";
import type { Batch } from "./batch";
import { checkTest, tryRelease } from "./try";

/** `delivery bisect` */
export async function bisect(input: Input, context: Context): Promise<Result> {
  const place = await environmentFile(input, context);
  const cluster = input.text("cluster");
  const test = input.text("test");
  throwIfAny(`Bisecting ${place.environment}`, [
    ...unknownClusters(place, cluster === undefined ? [] : [cluster]),
    ...checkTest(test, context),
    ...checkOthersKept(place),
  ]);
  const facts = await readFacts(place, context);
  const batch = batchOf(place, facts, { bad: input.text("bad"), cluster });
  if (input.flag("plan")) return planned(batch);
  const found = await halveBatch(place, batch, test, context);
  return toldOf(place, facts, { batch, found }, context);
}

/** The other clusters stay at what they run meanwhile. */
function checkOthersKept(place: EnvironmentOf): readonly string[] {
  const { waves } = place.project.pipeline.environments[place.environment]!;
  if (waves.flatMap(({ clusters }) => clusters).length < 2) return [];
  return checkPinsKept(place, {
    what: "it tries on one cluster and holds the others",
    otherwise: `or try one release after the other: delivery rollback ${place.environment} --to R --up`,
  });
}

function planned({ good, releases, cluster }: Batch): Result {
  const tries = triesFor(releases.length - 1);
  const lines = [
    `good      ${good.id}`,
    ...releases.map(({ id }, index) => `${index === releases.length - 1 ? "bad     " : "to try  "}  ${id}`),
    `${tries} ${tries === 1 ? "try" : "tries"} at most, on ${cluster}`,
  ];
  return {
    value: { good: good.id, releases: releases.map(({ id }) => id), cluster, tries },
    text: lines.join("\n"),
  };
}

/**
 * The file names what is tried, since a pin only brings back what a cluster was told before; the other clusters are pinned to
 * what they run. At the end it says what it said, also when a try could not be made.
 */
async function halveBatch(
  place: EnvironmentOf,
  { good, releases, cluster }: Batch,
  test: string | undefined,
  context: Context,
): Promise<BisectResult<Release>> {
  const config = readStackConfig(place.file);
  const pins = pinsOfOthers(place, { good, cluster }, config[STACK_KEYS.pins]);
  try {
    return await halve(releases, async (release, left) => {
      context.progress(`${cluster}: trying ${release.id} (${left} ${left === 1 ? "try" : "tries"} at most)`);
      const override = { release: release.id, reason: TRIED };
      editStackFile(place.file, {
        [STACK_KEYS.release]: release,
        [STACK_KEYS.pins]: pins,
        [STACK_KEYS.override]: override,
      });
      const outcome = await tryRelease(place, { release, cluster, test }, context);
      context.progress(`${cluster}: ${release.id} is ${outcome}`);
      return outcome;
    });
  } finally {
    const { release, pins: formerPins, override } = STACK_KEYS;
    const former = [release, formerPins, override].map((key) => [key, config[key]]);
    editStackFile(place.file, Object.fromEntries(former) as Record<string, unknown>);
  }
}

/** All but the one that tries; undefined when that is alone. */
function pinsOfOthers(
  { project, environment }: EnvironmentOf,
  { good, cluster }: Pick<Batch, "good" | "cluster">,
  former: unknown,
): Record<string, unknown> | undefined {
  const { waves } = project.pipeline.environments[environment]!;
  const others = waves.flatMap(({ clusters }) => clusters).filter((name) => name !== cluster);
  const pinned = (former ?? {}) as Readonly<Record<string, unknown>>;
  if (others.length === 0) return undefined;
  return Object.fromEntries(others.map((name) => [name, pinned[name] ?? good]));
}

interface Found {
  readonly batch: Batch;
  readonly found: BisectResult<Release>;
}

async function toldOf(
  place: EnvironmentOf,
  { question: { source } }: Facts,
  { batch: { good, releases, cluster }, found }: Found,
  context: Context,
): Promise<Result> {
  const { runEnvironment } = await import("../up/up.js");
  const back = found.tried.length === 0 ? undefined : await runEnvironment(place, context);
  const before = releases[releases.indexOf(found.bad) - 1] ?? good;
  const changes = await commitsBetween(source, before.commit, found.bad.commit).catch(() => []);
  const suspects = found.suspects.map(({ id }) => id);
  const isBack = back === undefined || back.done !== undefined;
  const lines = [
    ...found.tried.map(({ item, outcome }) => `${item.id}  ${outcome}`),
    `${context.paint("bold", found.bad.id)} is the first bad release${suspects.length === 0 ? "" : `, unless it is one that could not be decided: ${suspects.join(", ")}`}`,
    ...changeLines(changes, context.now()).map((line) => `  ${line}`),
    ...(isBack ? [] : [`${cluster} could not be brought back: ${back.errors.join("; ")}`]),
  ];
  const value = {
    ...{ environment: place.environment, cluster, bad: found.bad.id, before: before.id, suspects },
    tried: found.tried.map(({ item, outcome }) => ({ release: item.id, outcome })),
    ...{ changes, isBack },
  };
  return { value, text: lines.join("\n"), exit: isBack ? EXIT.done : EXIT.failed };
}
