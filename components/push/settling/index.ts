export { checkChanges } from "./check-changes";
export { checkSharedRuns } from "./check-shared-runs";
export { checkSurvey } from "./check-survey";
export { failureText, saySettled } from "./said";
export { settle, settleRetired } from "./settle";
export type { SettledCluster, SettledClusters } from "./settle";
export { surveyOf, toldOf } from "./survey-order";
