export { deploymentsOf, isWayBack, verifiedTimes } from "./deployments";
export type { Deployment, DeploymentOutcome } from "./deployments";
export { readEnvironment } from "./environment";
export type { EnvironmentFacts, EnvironmentPlace, StateHistory } from "./environment";
export { placesOf } from "./places";
export { readRecord } from "./running";
export type { Running } from "./running";
export { readStackFile, stackFileOf, stackFilePath } from "./stack-file";
export type { StackFile } from "./stack-file";
