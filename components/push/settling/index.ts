export { checkChanges } from "./check-changes";
export { checkRemovals } from "./check-removals";
export { checkSharedRuns } from "./check-shared-runs";
export { checkSurvey } from "./check-survey";
export { failureText, heldText, saySettled, sayWayBack } from "./said";
export { settle, settleRetired } from "./settle";
export type { SettledCluster, SettledClusters } from "./settle";
export { surveyOf } from "./survey-order";
