import { Mistake, throwIfAny } from "../../components/mistake";
import {
  checkNewHold,
  editStackFile,
  readStackConfig,
  releaseIn,
  rollbackHold,
  STACK_KEYS,
} from "../../components/promotion";
import { readFacts } from "../promote/question";
import { rows, wavesText, wayBackLines } from "../promote/text";
import { wayBack } from "../promote/way-back";
import type { WayBack } from "../promote/way-back";
import { EXIT } from "../shell/contract";
import type { HoldBlock } from "../../components/promotion";
import type { Context, Input, Result } from "../shell/contract";
import { environmentFile, fileText } from "../shell/environment";
import type { EnvironmentOf } from "../shell/environment";
import { UsageError } from "../shell/usage-error";
import { rollbackClusters } from "./clusters";

/** `delivery rollback` */
export async function rollback(input: Input, context: Context): Promise<Result> {
  const place = await environmentFile(input, context);
  const clusters = input.list("cluster");
  if (clusters.length > 0) return rollbackOnly(place, clusters, input, context);
  const leaving = releaseIn(place.project.pipeline.app, readStackConfig(place.file));
  const reason = input.text("reason") ?? `rolled back from ${leaving?.id ?? "nothing"}`;
  const hold = rollbackHold(reason, context.now(), input.text("until"));
  throwIfAny(`Rollback of ${place.environment}`, checkNewHold("the hold", hold, context.now()));
  const back = await findWayBack(place, { leaving, to: input.text("to") }, context);
  const plan = planText(place, leaving?.id, back, context);
  const value = { from: leaving?.id ?? null, ...back.plan, release: back.release };
  if (back.plan.problems.length > 0) {
    return { value: { ...value, changed: false }, text: `${plan}\n\nNot rolled back.`, exit: EXIT.blocked };
  }
  const changed = editStackFile(place.file, changesOf(back, hold));
  const said = `${plan}\n\n${fileText(place)} names it now, and a hold until ${hold.until}: commit it.`;
  if (!input.flag("up")) {
    return { value: { ...value, hold, changed }, text: `${said} Then: delivery up ${place.environment}` };
  }
  context.progress(said);
  const { upEnvironment } = await import("../up/up.js");
  const result = await upEnvironment(place, { onFailure: "stop" }, context);
  return { ...result, value: { ...value, hold, changed, up: result.value } };
}

async function rollbackOnly(
  place: EnvironmentOf,
  clusters: readonly string[],
  input: Input,
  context: Context,
): Promise<Result> {
  if ((input.text("reason") ?? input.text("until")) !== undefined)
    throw new UsageError("rollback", [
      "--reason and --until are of a whole environment's hold; a cluster stays back until its pin is lifted",
    ]);
  const { result, isDone } = await rollbackClusters(place, { clusters, to: input.text("to") }, context);
  const next = `Then: delivery up ${place.environment}`;
  if (!isDone || !input.flag("up")) return isDone ? { ...result, text: `${result.text} ${next}` } : result;
  context.progress(result.text);
  const { upEnvironment } = await import("../up/up.js");
  const done = await upEnvironment(place, { onFailure: "stop" }, context);
  return { ...done, value: { ...(result.value as object), up: done.value } };
}

/** An override was for the release that is left. */
function changesOf({ release }: WayBack, hold: HoldBlock): Record<string, unknown> {
  return { [STACK_KEYS.release]: release, [STACK_KEYS.hold]: hold, [STACK_KEYS.override]: undefined };
}

async function findWayBack(
  place: EnvironmentOf,
  { leaving, to }: { readonly leaving: WayBack["release"] | undefined; readonly to: string | undefined },
  context: Context,
): Promise<WayBack> {
  const facts = await readFacts(place, context);
  const back = await wayBack(place, facts, { leaving, ...(to === undefined ? {} : { to }) }, context);
  if (back !== undefined) return back;
  throw new Mistake(`Rollback of ${place.environment}`, [
    `no other release has succeeded there before; name one that has with --to R, or promote one that you trust: delivery promote ${place.environment} --release R`,
  ]);
}

function planText(
  { project, environment }: EnvironmentOf,
  leaving: string | undefined,
  { plan, release }: WayBack,
  { paint, now }: Context,
): string {
  const { waves } = project.pipeline.environments[environment]!;
  return [
    paint("bold", `${environment}: ${leaving ?? "nothing"} → ${release.id} (back)`),
    ...rows("to", wayBackLines(plan, now()).slice(0, -1)),
    ...rows("clusters", [wavesText(waves)]),
  ].join("\n");
}
