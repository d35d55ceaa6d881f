import { ageText } from "./age";
import { BUILD } from "./contract";
import { holdText, isHeld } from "./hold";
import { forwardOnly } from "./way";
import type { Candidate, Guard, GuardContext, Outcome, Verdict } from "./contract";

/** Somebody takes a block upon themselves; it goes into the stack's file and the ledger. */
export interface Override {
  /** The release that it is for, and no other. */
  readonly release: string;
  readonly reason: string;
}

/** A promotion to judge: what guards may know, and what else could be promoted. */
export interface Promotion extends Omit<GuardContext, "target"> {
  readonly target: Candidate;
  /** Other releases of the upstream, for a proposal. Any order. */
  readonly candidates: readonly Candidate[];
  /** @default none */
  readonly override?: Override;
}

/** What was found, and what to do instead. */
export interface Judgement {
  /** The worst of the verdicts; an override turns a block into a warning. */
  readonly outcome: Outcome;
  readonly verdicts: readonly Verdict[];
  /** The target has succeeded here before: no guard holds it. */
  readonly isRollback: boolean;
  /** The largest verified release that no guard blocks; undefined when nothing is blocked, or none fits. */
  readonly proposal: Candidate | undefined;
  /** The reason of the override, when one was needed. */
  readonly overridden: string | undefined;
}

/**
 * Judges whether a release may go to an environment: the environment's guards, and, before them, that no hold is set,
 * that the release is verified where it comes from, and that it is a descendant of what runs there. What has succeeded
 * there before is a rollback, which passes; a hold keeps it away all the same when it is ahead of what runs, since a way
 * back has left it.
 */
export function judgePromotion(guards: readonly Guard[], promotion: Promotion): Judgement {
  const isOwn = guards.some(({ name }) => name === descendantGuard.name);
  return judgeBy([holdGuard, upstreamGuard, ...(isOwn ? [] : [descendantGuard]), ...guards], promotion);
}

/** {@link judgePromotion} by the environment's own guards alone: what a preview of a file that says so already does. */
export function judgeBy(guards: readonly Guard[], promotion: Promotion): Judgement {
  const { target, override } = promotion;
  const verdicts = verdictsOf(guards, promotion, target);
  const isBlocked = verdicts.some(({ outcome }) => outcome === "block");
  const reason = override?.release === target.id ? override.reason.trim() : "";
  const overridden = isBlocked && reason !== "" ? reason : undefined;
  const proposal = isBlocked ? proposalOf(guards, promotion) : undefined;
  return {
    outcome: overridden === undefined ? worstOf(verdicts) : "warn",
    verdicts: overridden === undefined ? verdicts : [...verdicts, overrideVerdict(overridden)],
    isRollback: target.verifiedHere !== undefined,
    proposal,
    overridden,
  };
}

function verdictsOf(guards: readonly Guard[], promotion: Promotion, target: Candidate): readonly Verdict[] {
  const { environment, from, now, current, hold } = promotion;
  const context = { environment, from, now, current, target, hold };
  if (target.verifiedHere === undefined) return guards.flatMap((guard) => guard.judge(context));
  // What was left by a way back has succeeded here before, too: its hold is what keeps it away.
  const isForward = target.relation === "ahead" && guards.includes(holdGuard);
  const held = isForward ? holdGuard.judge(context) : [];
  return held.length > 0 ? held : [rollbackVerdict(promotion, target.verifiedHere)];
}

function worstOf(verdicts: readonly Verdict[]): Outcome {
  const has = (outcome: Outcome): boolean => verdicts.some((verdict) => verdict.outcome === outcome);
  if (has("block")) return "block";
  return has("warn") ? "warn" : "pass";
}

/** The most changes, of those that move forward and that nothing blocks. */
function proposalOf(guards: readonly Guard[], promotion: Promotion): Candidate | undefined {
  const fits = (candidate: Candidate): boolean =>
    candidate.id !== promotion.target.id &&
    candidate.relation === "ahead" &&
    (promotion.from === BUILD || candidate.verifiedUpstream !== undefined) &&
    candidate.verifiedHere === undefined &&
    worstOf(verdictsOf(guards, promotion, candidate)) !== "block";
  const size = ({ changes }: Candidate): number => changes.length;
  return promotion.candidates.filter(fits).toSorted((a, b) => size(b) - size(a))[0];
}

/** A hold stands above the guards: automation stays away until it is lifted. */
const holdGuard: Guard = {
  name: "hold",
  check: () => [],
  judge: ({ hold, now, environment }) => {
    if (!isHeld(hold, now)) return [];
    const sentence = `${environment} is ${holdText(hold)}; lift the hold first`;
    return [{ guard: "hold", outcome: "block", sentence }];
  },
};

/** Nothing goes on that has not succeeded where it comes from; a build has, or it would not be there. */
const upstreamGuard: Guard = {
  name: "upstream",
  check: () => [],
  judge: ({ from, target, now }) => {
    if (from === BUILD) return [];
    const since = target.verifiedUpstream;
    if (since === undefined) {
      const sentence = `${target.id} is not verified in ${from}; run it there first, until it succeeds`;
      return [{ guard: "upstream", outcome: "block", sentence }];
    }
    const age = ageText(now.getTime() - since.getTime());
    return [{ guard: "upstream", outcome: "pass", sentence: `verified in ${from} ${agoText(age)}` }];
  },
};

const ownForward = forwardOnly();

/** `forwardOnly` for every environment: it is silent when all is well, and what a cut history hides it lets pass. */
const descendantGuard: Guard = {
  ...ownForward,
  judge: (context) => {
    const verdicts = ownForward.judge(context).filter(({ outcome }) => outcome !== "pass");
    if (context.target.relation !== "unknown") return verdicts;
    return verdicts.map((verdict) => ({ ...verdict, outcome: "warn" }));
  },
};

const agoText = (age: string): string => (age === "now" ? "just now" : `${age} ago`);

function rollbackVerdict({ environment, now }: Promotion, last: Date): Verdict {
  const ago = agoText(ageText(now.getTime() - last.getTime()));
  return {
    guard: "rollback",
    outcome: "pass",
    sentence: `it has succeeded in ${environment} before, last ${ago}: a way back, which no guard holds`,
  };
}

function overrideVerdict(reason: string): Verdict {
  return { guard: "override", outcome: "warn", sentence: `overridden: ${reason}` };
}
