export { batchBetween, bisect, triesFor } from "./bisect";
export type { BisectResult, TryOutcome } from "./bisect";
export {
  checkHold,
  checkNewHold,
  checkUntil,
  DEFAULT_HOLD_DAYS,
  holdText,
  isHeld,
  readHold,
  rollbackHold,
} from "./hold";
export type { HoldBlock } from "./hold";
export { editStackFile, editStackText, readStackConfig, STACK_KEYS } from "./stack-file";
export type { StackChanges } from "./stack-file";
export { findPresence } from "./images";
export type { ImagePresence, Presence } from "./images";
export { MAX_VERSIONS, recordedReleases, releaseIn } from "./recorded";
export { recoveryPlan, schemaVerdict, verifiedReleases, wayBackFrom } from "./recovery";
export type { RecoveryFacts, RecoveryPlan, SchemaVerdict, VerifiedRelease, WaveOfClusters } from "./recovery";
export { stackHistory } from "./stack-history";
export type { StackHistory } from "./stack-history";
