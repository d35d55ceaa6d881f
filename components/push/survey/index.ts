export { NO_SURVEY } from "./args";
export type { ForeignObject, Survey, SurveyOrder, SurveyedCluster, Told, ToldList, WayBack } from "./args";
export { surveySync } from "./sync";
