import { judgePromotion } from "../../components/guards";
import type { Judgement, Promotion } from "../../components/guards";
import { promotionTo } from "../../components/pending";
import type { Release } from "../../components/release";
import type { Context } from "../shell/contract";
import { problemsOf } from "../shell/trouble";
import type { EnvironmentOf } from "../shell/environment";
import { readFacts } from "./question";
import type { Facts } from "./question";
import { targetOf } from "./target";
import { wayBack } from "./way-back";
import type { WayBack } from "./way-back";

/** What a promotion would do, and whether it may. */
export interface PromotionPlan {
  readonly place: EnvironmentOf;
  readonly release: Release;
  readonly promotion: Promotion;
  readonly judgement: Judgement;
  /** Undefined when nothing has succeeded there before, or it is not known whole. */
  readonly back: WayBack | undefined;
  /** Why the way back is not known; undefined when it is, or there is none. */
  readonly backProblem: string | undefined;
}

/** What was asked for. */
export interface PromotionWish {
  readonly release: string | undefined;
  /** Why it goes on over a guard. */
  readonly override: string | undefined;
}

/**
 * Finds the release, judges it and plans the way back. Nothing is changed.
 *
 * @throws Mistake when facts are missing.
 */
export async function planPromotion(
  place: EnvironmentOf,
  wish: PromotionWish,
  context: Context,
): Promise<PromotionPlan> {
  const facts = await readFacts(place, context);
  const release = await targetOf(place, facts, wish.release, context);
  const { override } = wish;
  return planOf(place, facts, { release, override }, context);
}

/**
 * The plan of what the environment's file says already, as it is in a pull request; its `delivery:override` counts.
 *
 * @throws Mistake when facts are missing.
 */
export async function planChange(
  place: EnvironmentOf,
  release: Release,
  context: Context,
): Promise<PromotionPlan> {
  return planOf(place, await readFacts(place, context), { release, override: undefined }, context);
}

async function planOf(
  place: EnvironmentOf,
  facts: Facts,
  { release, override: reason }: { readonly release: Release; readonly override: string | undefined },
  context: Context,
): Promise<PromotionPlan> {
  const asked = await promotionTo(facts.question, { id: release.id, commit: release.commit });
  const override = reason === undefined ? {} : { override: { release: release.id, reason } };
  const promotion = { ...asked, ...override };
  const { guards } = place.project.pipeline.environments[place.environment]!;
  return {
    ...{ place, release, promotion },
    judgement: judgePromotion(guards, promotion),
    ...(await plannedWayBack(place, facts, release, context)),
  };
}

/** A way back that is not known keeps nobody from going forward: it is said, and the promotion goes on. */
async function plannedWayBack(
  place: EnvironmentOf,
  facts: Facts,
  leaving: Release,
  context: Context,
): Promise<Pick<PromotionPlan, "back" | "backProblem">> {
  try {
    return { back: await wayBack(place, facts, { leaving }, context), backProblem: undefined };
  } catch (error) {
    if ((error as Error).name !== "Mistake") throw error;
    return { back: undefined, backProblem: problemsOf(error).join("; ") };
  }
}
