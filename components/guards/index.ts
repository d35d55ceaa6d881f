export { ageMs, ageText } from "./age";
export type { Age } from "./age";
export type {
  Candidate,
  Change,
  CommitChange,
  Guard,
  GuardContext,
  GuardedEnvironment,
  Hold,
  Outcome,
  Relation,
  ReleaseFact,
  SettingsChange,
  Verdict,
} from "./contract";
export { DEFAULT_TIME_ZONE, freeze } from "./freeze";
export type { FreezeArgs } from "./freeze";
export { judgeBy, judgePromotion } from "./judge";
export type { Judgement, Override, Promotion } from "./judge";
export { maxAge, maxPending, oldestAgeMs } from "./limits";
export type { Limits } from "./limits";
export { forwardOnly, soak } from "./way";
