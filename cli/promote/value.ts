import type { PromotionPlan } from "./plan";

/** A plan as `--json` gives it. */
export function planValue({
  place,
  release,
  promotion,
  judgement,
  back,
  backProblem,
}: PromotionPlan): Record<string, unknown> {
  const { from, current, target } = promotion;
  return {
    ...{ environment: place.environment, from, release, current: current ?? null },
    ...{ relation: target.relation, changes: target.changes },
    outcome: judgement.outcome,
    ...{ verdicts: judgement.verdicts, isRollback: judgement.isRollback },
    proposal: judgement.proposal?.id ?? null,
    wayBack: back?.plan ?? null,
    ...(backProblem === undefined ? {} : { wayBackProblem: backProblem }),
  };
}
