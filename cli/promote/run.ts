import { editStackFile, STACK_KEYS } from "../../components/promotion";
import { environmentFile, fileText } from "../shell/environment";
import { EXIT } from "../shell/contract";
import type { Context, Input, Result } from "../shell/contract";
import { UsageError } from "../shell/usage-error";
import { planPromotion } from "./plan";
import type { PromotionPlan } from "./plan";
import { proposeChange } from "./pull-request";
import { takeOver } from "./take-over";
import { planText } from "./text";
import { planValue } from "./value";

/** `delivery promote` */
export async function promote(input: Input, context: Context): Promise<Result> {
  const [override, isPr, isUp] = [input.text("override"), input.flag("pr"), input.flag("up")];
  if (isPr && isUp)
    throw new UsageError("promote", ["--pr and --up exclude each other: a pull request runs nothing"]);
  const place = await environmentFile(input, context);
  const asked = await planPromotion(place, { release: input.text("release"), override }, context);
  const text = planText(asked, context.paint);
  if (asked.judgement.outcome === "block") return blocked(asked, text);
  const plan = { ...asked, release: await takeOver(place, asked.release, context) };
  if (isPr) return propose(plan, text, context);
  const changed = editStackFile(place.file, changesOf(plan));
  const value = { ...planValue(plan), changed };
  const said = [text, doneText(plan, changed)].join("\n\n");
  if (!isUp) return { value, text: said };
  context.progress(said);
  const { upEnvironment } = await import("../up/up.js");
  const result = await upEnvironment(place, { onFailure: "stop" }, context);
  return { ...result, value: { ...value, up: result.value } };
}

/** What the promotion writes. An override is kept for this release only. */
function changesOf({ release, judgement }: PromotionPlan): Record<string, unknown> {
  const { overridden } = judgement;
  const override = overridden === undefined ? undefined : { release: release.id, reason: overridden };
  return { [STACK_KEYS.release]: release, [STACK_KEYS.override]: override };
}

function blocked(plan: PromotionPlan, text: string): Result {
  const { environment } = plan.place;
  const { proposal } = plan.judgement;
  const instead =
    proposal === undefined
      ? "To go on anyway, give a reason that is recorded: --override REASON"
      : `The largest release that fits: delivery promote ${environment} --release ${proposal.id}`;
  return {
    value: { ...planValue(plan), changed: false },
    text: `${text}\n\nNot promoted. ${instead}`,
    exit: EXIT.blocked,
  };
}

function doneText({ place, release }: PromotionPlan, changed: boolean): string {
  const { environment } = place;
  if (!changed) return `${environment} is to run ${release.id} already; nothing was changed.`;
  return `${fileText(place)} names ${release.id} now: commit it, then: delivery up ${environment}`;
}

async function propose(plan: PromotionPlan, text: string, context: Context): Promise<Result> {
  const { place, release, promotion } = plan;
  const url = await proposeChange(
    place,
    {
      branch: `promote/${place.environment}/${release.id}`,
      title: `Promote ${release.id} from ${promotion.from} to ${place.environment}`,
      body: `\`\`\`text\n${planText(plan, (_style, plain) => plain)}\n\`\`\``,
      changes: changesOf(plan),
    },
    context,
  );
  return {
    value: { ...planValue(plan), changed: false, pullRequest: url },
    text: `${text}\n\nProposed: ${url}`,
  };
}
